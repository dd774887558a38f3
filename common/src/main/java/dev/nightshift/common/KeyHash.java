package dev.nightshift.common;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The first 128 bits of the SHA-256 of a key on the delayed topic, which is much shorter: no two
/// keys will ever share one, not even if somebody tries. Immutable.
public record KeyHash(long high, long low) {
  private static final MessageDigest DIGEST = digest();

  /// The hash of a key.
  public static KeyHash of(byte[] key) {
    try {
      // Made anew, as a digest has a state.
      ByteBuffer hash = ByteBuffer.wrap(((MessageDigest) DIGEST.clone()).digest(key));
      return new KeyHash(hash.getLong(), hash.getLong());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
