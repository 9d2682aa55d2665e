package dev.reprise.cluster.log;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The walls around the log. */
class LogArchitectureTest {
  private static final String OURS = "dev.reprise.cluster";

  private final JavaClasses classes = new ClassFileImporter().importPackages(OURS);

  @Test
  void onlyOneRoomKnowsRatis() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cluster.log.ratis..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.ratis..")
        .because("the rest sees a log through ReplicatedLog and Replica")
        .check(classes);
  }

  @Test
  void theSimulatedLogKnowsNeitherThreadsNorClocks() {
    noClasses()
        .that()
        .resideInAPackage("..cluster.log.simulated..")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .because("one seed is one run")
        .check(classes);
  }
}
