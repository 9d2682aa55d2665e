package dev.reprise.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.StateVersion;

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
  static final ArchRule GRPC_IS_KNOWN_TO_ITS_DOORS_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "..server.grpc..", "..server.membership..", "..server.internode..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.grpc..");

  /**
   * Doors name operations, kinds of refusal and versions of state; what follows of them is not
   * theirs.
   */
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
          .resideInAnyPackage(
              "..server.gateway..",
              "..server.ingress..",
              "..server.grpc..",
              "..server.operations..",
              "..server.http..",
              "..server.admin..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.reprise.cluster.engine..")
                  .and(
                      not(
                          belongToAnyOf(
                              Command.class, Result.Rejection.class, StateVersion.class))));

  @ArchTest
  static final ArchRule PACKAGES_DO_NOT_GO_ROUND_IN_CIRCLES =
      slices().matching("dev.reprise.server.(*)..").should().beFreeOfCycles();
}
