package dev.reprise.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls inside this room. */
@AnalyzeClasses(
    packages = "dev.reprise.server",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ServerWallsTest {
  @ArchTest
  static final ArchRule ONLY_THE_NODE_KNOWS_RATIS_AND_ROCKSDB =
      noClasses()
          .that()
          .resideOutsideOfPackage("..server.node..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.reprise.cluster.log.ratis..", "dev.reprise.storage.kv.rocksdb..");

  @ArchTest
  static final ArchRule GRPC_IS_KNOWN_TO_THE_ADMIN_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..server.admin..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.grpc..");

  @ArchTest
  static final ArchRule AWS_IS_KNOWN_TO_ONE_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("..server.lambda..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "com.github.luben..");

  @ArchTest
  static final ArchRule DOORS_KNOW_NO_RULES =
      noClasses()
          .that()
          .resideInAnyPackage("..server.gateway..", "..server.http..", "..server.admin..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.reprise.cluster.engine..");

  @ArchTest
  static final ArchRule PACKAGES_DO_NOT_GO_ROUND_IN_CIRCLES =
      slices().matching("dev.reprise.server.(*)..").should().beFreeOfCycles();
}
