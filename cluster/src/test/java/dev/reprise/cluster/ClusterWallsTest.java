package dev.reprise.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.UUID;

/** The walls inside this room. */
@AnalyzeClasses(
    packages = "dev.reprise.cluster",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ClusterWallsTest {
  @ArchTest
  static final ArchRule THE_ENGINE_KNOWS_NEITHER_CLOCK_NOR_CHANCE_NOR_THREADS =
      noClasses()
          .that()
          .resideInAPackage("..cluster.engine..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Random.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.concurrent..",
              "java.util.random..",
              "java.net..",
              "java.nio.file..",
              "org.slf4j..",
              "dev.reprise.cluster.log..",
              "dev.reprise.cluster.partition..",
              "dev.reprise.cluster.metadata..",
              "dev.reprise.cluster.routing..")
          .because("every replica must reach the same bytes");

  @ArchTest
  static final ArchRule THE_ENGINE_WALKS_NOTHING_WITHOUT_ORDER =
      noClasses()
          .that()
          .resideInAPackage("..cluster.engine..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(HashMap.class, HashSet.class, IdentityHashMap.class)
          .because("their order differs between machines");

  @ArchTest
  static final ArchRule RATIS_IS_KNOWN_IN_ONE_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..cluster.log.ratis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.ratis..");

  @ArchTest
  static final ArchRule GENERATED_MESSAGES_ARE_KNOWN_IN_ONE_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..cluster.codec..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.reprise.api.protocol..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule THE_LOG_KNOWS_NO_RULES =
      noClasses()
          .that()
          .resideInAPackage("..cluster.log..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.reprise.cluster.engine..",
              "dev.reprise.cluster.partition..",
              "dev.reprise.cluster.metadata..");

  @ArchTest
  static final ArchRule NOTHING_HERE_KNOWS_SOCKETS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..cluster.log.ratis..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "io.grpc..", "java.net.http..");

  /** The engine's words and their codec name each other; everything else points one way. */
  @ArchTest
  static final ArchRule PACKAGES_DO_NOT_GO_ROUND_IN_CIRCLES =
      slices()
          .matching("dev.reprise.cluster.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(
              resideIn("dev.reprise.cluster.engine"), resideIn("dev.reprise.cluster.codec"));

  private static com.tngtech.archunit.base.DescribedPredicate<
          com.tngtech.archunit.core.domain.JavaClass>
      resideIn(String name) {
    return com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(name);
  }
}
