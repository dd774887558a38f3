package dev.nightshift.common;

import dev.nightshift.common.record.CanvasRecord;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/// Avro's data model restricted to Nightshift's generated classes.
///
/// Since 1.12.2 Avro loads only classes that the process as a whole declared trusted. A library
/// must not change that for its host, so this model finds its classes itself: those of the records'
/// package and no others. (The generated classes' own `fromByteBuffer` and the defaults of lists of
/// records in their builders go the other way and fail: use [RecordCodec], and set such lists.)
final class OwnRecords extends SpecificData {
  /// The one instance; immutable once made.
  static final OwnRecords MODEL = new OwnRecords();

  private static final String PACKAGE = CanvasRecord.class.getPackageName();

  private OwnRecords() {
    super(CanvasRecord.class.getClassLoader());
    addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
  }

  @Override
  @SuppressWarnings("rawtypes") // Avro's signature
  public @Nullable Class getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> own(schema);
      default -> super.getClass(schema);
    };
  }

  private @Nullable Class<?> own(Schema schema) {
    if (!PACKAGE.equals(schema.getNamespace())) {
      return null;
    }
    try {
      return Class.forName(schema.getFullName(), false, getClassLoader());
    } catch (ClassNotFoundException e) {
      return null; // an older version's; Avro skips what the present schema does not have
    }
  }
}
