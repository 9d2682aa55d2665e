package dev.reprise.cluster.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules know no clock, no chance, no thread and nobody who calls them. */
@Timeout(60)
class EngineHouseTest {
  @Test
  void theRulesDependOnTablesAndFramesOnly() {
    noClasses()
        .that()
        .resideInAPackage("..cluster.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.time..",
            "java.util.concurrent..",
            "java.util.random..",
            "java.io..",
            "java.net..",
            "org.slf4j..",
            "..cluster.partition..",
            "..cluster.log..",
            "..cluster.metadata..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.(Random|SplittableRandom|UUID|HashMap|HashSet|Date)")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .because("every replica must reach the same bytes")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.reprise.cluster"));
  }
}
