package dev.nightshift.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What no compiler checks: which way modules and packages point, and where time, locks and the
/// broker's code may be.
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.nightshift");

  /// Each module, and the modules that it may know.
  private static final Map<String, List<String>> MODULES =
      Map.of(
          "common", List.of(),
          "handler", List.of(),
          "emitter", List.of("common"),
          "local", List.of(),
          "testkit", List.of("common", "handler", "emitter", "worker", "local"),
          "worker", List.of("common", "handler", "emitter"),
          "scheduler", List.of("common", "emitter", "worker"),
          "cli", List.of("common", "handler", "emitter", "worker", "scheduler", "local"));

  @TestFactory
  Stream<DynamicTest> aModuleKnowsOnlyThoseBelowIt() {
    return MODULES.keySet().stream()
        .map(module -> DynamicTest.dynamicTest(module, () -> knowsOnly(module).check(ALL)));
  }

  private static ArchRule knowsOnly(String module) {
    String[] others =
        MODULES.keySet().stream()
            .filter(other -> !other.equals(module))
            .filter(other -> !MODULES.getOrDefault(module, List.of()).contains(other))
            .map(other -> "dev.nightshift." + other + "..")
            .toArray(String[]::new);
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("dev.nightshift." + module + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others);
    return rule;
  }

  @TestFactory
  Stream<DynamicTest> whatIsInternalIsNotUsedByOtherModules() {
    return MODULES.keySet().stream()
        .map(module ->
            DynamicTest.dynamicTest(
                module,
                () ->
                    noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.nightshift." + module + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.nightshift." + module + ".internal..")
                        .check(ALL)));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.nightshift.(**)").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void onlyTheLocalModuleKnowsTheBroker() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.nightshift.local..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..")
        .check(ALL);
  }

  @Test
  void handlersDependOnNothing() {
    classes()
        .that()
        .resideInAPackage("dev.nightshift.handler")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.nightshift.handler", "java..", "org.jspecify..")
        .check(ALL);
  }

  @Test
  void theLoopSharesNothingButItsMailbox() {
    noClasses()
        .that()
        .resideInAPackage("dev.nightshift.worker.internal.loop")
        .and()
        .doNotHaveSimpleName("Mailbox")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent..")
        .check(ALL);
  }

  @Test
  void theLoopHasNoClockOfItsOwn() {
    Set<String> clocks = Set.of("nanoTime", "currentTimeMillis");
    noClasses()
        .that()
        .resideInAPackage("dev.nightshift.worker.internal.loop")
        .and()
        .doNotHaveSimpleName("LoopTime")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethodWhere(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "a clock of System's",
                call ->
                    call.getTargetOwner().isEquivalentTo(System.class)
                        && clocks.contains(call.getName())))
        .check(ALL);
  }

  /// The library's usual bars take the terminal, and with it Ctrl-C.
  @Test
  void progressBarsAreMadeInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.nightshift.cli.internal.Bar")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("me.tongfei.progressbar.ProgressBarBuilder")
        .check(ALL);
  }

  @Test
  void nothingSleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.nightshift.examples..")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .check(ALL);
  }
}
