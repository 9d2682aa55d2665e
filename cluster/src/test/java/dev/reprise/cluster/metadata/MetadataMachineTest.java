package dev.reprise.cluster.metadata;

import static dev.reprise.cluster.metadata.Samples.deployment;
import static dev.reprise.cluster.metadata.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.MetadataCommand.ModifyService;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.RemoveDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.UpdateDeployment;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Modified;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.MetadataResult.Removed;
import dev.reprise.cluster.metadata.MetadataResult.Updated;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetadataMachineTest {
  private static final String ONE = "http://one/";
  private static final String TWO = "http://two/";
  private static final String THREE = "http://three/";

  private Registry registry = Registry.EMPTY;

  @Test
  void aNewAddressIsANewDeploymentWhoseServicesAreLatest() {
    MetadataResult result =
        when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);

    assertThat(result).isInstanceOf(Created.class);
    assertThat(registry.version()).isEqualTo(1);
    assertThat(revision("Greeter")).isEqualTo(1);
    assertThat(servedBy("Greeter")).isEqualTo("dp_a");
    assertThat(Objects.requireNonNull(registry.deployment("dp_a")).services().getFirst())
        .isEqualTo(registry.service("Greeter"));
  }

  @Test
  void aKnownAddressIsLeftAloneUnlessForced() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    Registry before = registry;

    MetadataResult result =
        when(deployment("dp_b", ONE, service("Other", ServiceKind.SERVICE)), false, true);

    assertThat(result).isEqualTo(new Existing(deploymentOf("dp_a")));
    assertThat(registry).isSameAs(before);
  }

  @Test
  void aForcedRegistrationKeepsTheIdAndReplacesTheRest() {
    when(deployment("dp_a", ONE, service("Old", ServiceKind.SERVICE)), false, false);

    MetadataResult result =
        when(deployment("dp_b", ONE, service("New", ServiceKind.SERVICE)), true, false);

    assertThat(result).isEqualTo(new Overwritten(deploymentOf("dp_a")));
    assertThat(registry.deployments()).containsOnlyKeys("dp_a");
    assertThat(registry.services()).containsOnlyKeys("New");
    assertThat(servedBy("New")).isEqualTo("dp_a");
  }

  @Test
  void aServiceOfANewDeploymentIsItsNextRevision() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);

    assertThat(revision("Greeter")).isEqualTo(2);
    assertThat(servedBy("Greeter")).isEqualTo("dp_b");

    when(deployment("dp_c", ONE, service("Greeter", ServiceKind.SERVICE)), true, false);

    assertThat(revision("Greeter")).isEqualTo(3);
    assertThat(servedBy("Greeter")).isEqualTo("dp_a");
  }

  @Test
  void aServiceThatItsLatestDeploymentDropsFallsBackToTheOneBefore() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);

    when(deployment("dp_c", TWO, service("Other", ServiceKind.SERVICE)), true, false);

    assertThat(servedBy("Greeter")).isEqualTo("dp_a");
  }

  @Test
  void aServiceMayNotChangeItsKindUnlessThatIsMeant() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    Deployment object = deployment("dp_b", TWO, service("Greeter", ServiceKind.VIRTUAL_OBJECT));
    Registry before = registry;

    MetadataResult refused = when(object, false, false);

    assertThat(refused).isInstanceOf(Rejected.class);
    assertThat(((Rejected) refused).code()).isEqualTo("META0006");
    assertThat(registry).isSameAs(before);
    assertThat(when(object, false, true)).isInstanceOf(Created.class);
    assertThat(Objects.requireNonNull(registry.service("Greeter")).kind())
        .isEqualTo(ServiceKind.VIRTUAL_OBJECT);
  }

  @Test
  void forceAllowsAChangeOfKindToo() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);

    assertThat(when(deployment("dp_b", ONE, service("Greeter", ServiceKind.WORKFLOW)), true, false))
        .isInstanceOf(Overwritten.class);
  }

  @Test
  void ofTwoServicesWithOneNameTheLaterCounts() {
    when(
        deployment(
            "dp_a",
            ONE,
            service("Greeter", ServiceKind.SERVICE),
            service("Greeter", ServiceKind.WORKFLOW)),
        false,
        false);

    assertThat(deploymentOf("dp_a").services()).hasSize(1);
    assertThat(Objects.requireNonNull(registry.service("Greeter")).kind())
        .isEqualTo(ServiceKind.WORKFLOW);
  }

  @Test
  void twoDeploymentsOfOneServiceStandSideBySide() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);

    assertThat(registry.deployments()).containsOnlyKeys("dp_a", "dp_b");
    assertThat(deploymentOf("dp_a").services().getFirst().revision()).isEqualTo(1);
    assertThat(servedBy("Greeter")).isEqualTo("dp_b");
  }

  @Test
  void aFunctionIsKnownByItsArnWhateverItsRole() {
    Deployment function = function("dp_a", "", service("Greeter", ServiceKind.SERVICE));
    when(function, false, false);

    MetadataResult again = when(function("dp_b", "arn:aws:iam::1:role/r"), false, false);

    assertThat(again).isEqualTo(new Existing(deploymentOf("dp_a")));
  }

  @Test
  void anUpdateMovesADeploymentAndLeavesItsServicesAlone() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);
    Deployment found = deployment("", THREE, service("Other", ServiceKind.SERVICE));

    MetadataResult result =
        when(
            new UpdateDeployment(
                "dp_a", new DeploymentAddress.Http(THREE, false), Map.of("x", "1"), found, false));

    assertThat(result).isEqualTo(new Updated(deploymentOf("dp_a")));
    assertThat(deploymentOf("dp_a").address().text()).isEqualTo(THREE);
    assertThat(deploymentOf("dp_a").headers()).isEqualTo(Map.of("x", "1"));
    assertThat(deploymentOf("dp_a").services().getFirst().name()).isEqualTo("Greeter");
    assertThat(servedBy("Greeter")).isEqualTo("dp_b");
  }

  @Test
  void anUpdateThatOverwritesKeepsRevisionsAndSoWhichIsLatest() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);
    Deployment found = deployment("", ONE, service("Greeter", ServiceKind.VIRTUAL_OBJECT));

    when(new UpdateDeployment("dp_a", null, null, found, true));

    assertThat(deploymentOf("dp_a").services().getFirst().kind())
        .isEqualTo(ServiceKind.VIRTUAL_OBJECT);
    assertThat(deploymentOf("dp_a").services().getFirst().revision()).isEqualTo(1);
    assertThat(servedBy("Greeter")).isEqualTo("dp_b");
  }

  @Test
  void anUpdateMayNotChangeTheProtocolThatInvocationsArePinnedTo() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    Deployment sample = deployment("", ONE, service("Greeter", ServiceKind.SERVICE));
    Deployment found =
        new Deployment(
            "",
            sample.address(),
            sample.mode(),
            6,
            7,
            "sdk/2",
            Map.of(),
            Map.of(),
            0,
            sample.services());
    Registry before = registry;

    MetadataResult refused = when(new UpdateDeployment("dp_a", null, null, found, true));

    assertThat(refused).isInstanceOf(Rejected.class);
    assertThat(((Rejected) refused).code()).isEqualTo("META0016");
    assertThat(registry).isSameAs(before);
  }

  @Test
  void whatServesTheLatestRevisionIsRemovedOnlyByForce() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);

    MetadataResult refused = when(new RemoveDeployment("dp_b", false));

    assertThat(refused).isInstanceOf(Rejected.class);
    assertThat(((Rejected) refused).kind()).isEqualTo(Rejected.Kind.CONFLICT);
    assertThat(when(new RemoveDeployment("dp_b", true))).isInstanceOf(Removed.class);
    assertThat(servedBy("Greeter")).isEqualTo("dp_a");
    when(new RemoveDeployment("dp_a", true));
    assertThat(registry.services()).isEmpty();
  }

  @Test
  void whatHasBeenReplacedIsRemovedWithoutForce() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(deployment("dp_b", TWO, service("Greeter", ServiceKind.SERVICE)), false, false);

    assertThat(when(new RemoveDeployment("dp_a", false))).isInstanceOf(Removed.class);
    assertThat(registry.deployments()).containsOnlyKeys("dp_b");
    assertThat(when(new RemoveDeployment("dp_a", false)))
        .isInstanceOfSatisfying(
            Rejected.class, it -> assertThat(it.kind()).isEqualTo(Rejected.Kind.MISSING));
  }

  @Test
  void aModifiedServiceKeepsItsRevisionAndWhatWasNotSaid() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);

    MetadataResult result = when(new ModifyService("Greeter", hidden(Duration.ofSeconds(9))));

    ServiceRevision greeter = Objects.requireNonNull(registry.service("Greeter"));
    assertThat(result).isEqualTo(new Modified(greeter));
    assertThat(greeter.revision()).isEqualTo(1);
    assertThat(greeter.options().ingressPrivate()).isTrue();
    assertThat(greeter.options().abortTimeout()).isEqualTo(Duration.ofSeconds(9));
    HandlerRevision greet = Objects.requireNonNull(greeter.handler("greet"));
    assertThat(greet.options().ingressPrivate()).as("the service's to say").isNull();
    assertThat(greet.options().abortTimeout()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void aNewRegistrationForgetsWhatWasModified() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    when(new ModifyService("Greeter", hidden(null)));

    when(deployment("dp_b", ONE, service("Greeter", ServiceKind.SERVICE)), true, false);

    assertThat(Objects.requireNonNull(registry.service("Greeter")).options())
        .isEqualTo(ServiceOptions.SILENT);
  }

  @Test
  void onlyAWorkflowHasACompletionToKeep() {
    when(deployment("dp_a", ONE, service("Greeter", ServiceKind.SERVICE)), false, false);
    ServiceOptions changes =
        new ServiceOptions(
            null, null, null, null, Duration.ZERO, null, null, null, null, null, null, null);

    assertThat(when(new ModifyService("Greeter", changes)))
        .isInstanceOfSatisfying(
            Rejected.class, it -> assertThat(it.kind()).isEqualTo(Rejected.Kind.MISFIT));
    assertThat(when(new ModifyService("Nobody", changes)))
        .isInstanceOfSatisfying(
            Rejected.class, it -> assertThat(it.kind()).isEqualTo(Rejected.Kind.MISSING));
  }

  private static ServiceOptions hidden(@Nullable Duration abort) {
    return new ServiceOptions(
        null, abort, null, null, null, null, true, null, null, null, null, null);
  }

  private static Deployment function(String id, String role, ServiceRevision... services) {
    return new Deployment(
        id,
        new DeploymentAddress.Lambda("arn:aws:lambda:eu-central-1:1:function:f:1", role, true),
        Deployment.ProtocolMode.REQUEST_RESPONSE,
        5,
        6,
        "",
        Map.of(),
        Map.of(),
        0,
        List.of(services));
  }

  private MetadataResult when(MetadataCommand command) {
    MetadataMachine.Step step = MetadataMachine.apply(registry, command);
    registry = step.registry();
    return step.result();
  }

  private MetadataResult when(Deployment deployment, boolean force, boolean breaking) {
    return when(new RegisterDeployment(deployment, force, breaking));
  }

  private Deployment deploymentOf(String id) {
    return Objects.requireNonNull(registry.deployment(id));
  }

  private int revision(String service) {
    return Objects.requireNonNull(registry.service(service)).revision();
  }

  private String servedBy(String service) {
    return Objects.requireNonNull(registry.service(service)).deploymentId();
  }
}
