package dev.nightshift.cli;

import dev.nightshift.local.LocalKafka;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives a test what it names: a fleet of its own with a canvas `shop`, or the broker that all
/// these fleets are on. They are closed with the test, and with the last of all.
final class EventFleets implements ParameterResolver {
  private static final Namespace OURS = Namespace.create(EventFleets.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == EventFleet.class || type == LocalKafka.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    LocalKafka kafka =
        test.getRoot()
            .getStore(OURS)
            .computeIfAbsent(LocalKafka.class, _ -> LocalKafka.start(), LocalKafka.class);
    return parameter.getParameter().getType() == LocalKafka.class
        ? kafka
        : test.getStore(OURS)
            .computeIfAbsent(
                EventFleet.class, _ -> new EventFleet(kafka).with("shop"), EventFleet.class);
  }
}
