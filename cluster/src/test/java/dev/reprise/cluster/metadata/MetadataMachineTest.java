package dev.reprise.cluster.metadata;

import static dev.reprise.cluster.metadata.Samples.deployment;
import static dev.reprise.cluster.metadata.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MetadataMachineTest {
  private static final String ONE = "http://one/";
  private static final String TWO = "http://two/";

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

  private MetadataResult when(Deployment deployment, boolean force, boolean breaking) {
    MetadataMachine.Step step =
        MetadataMachine.apply(registry, new RegisterDeployment(deployment, force, breaking));
    registry = step.registry();
    return step.result();
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
