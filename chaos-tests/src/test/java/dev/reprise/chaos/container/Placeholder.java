package dev.reprise.chaos.container;

import com.github.dockerjava.api.model.HealthCheck;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * Takes the lowest free address of a network and keeps it, so that whoever had it before gets
 * another one.
 */
public final class Placeholder implements AutoCloseable {
  private final GenericContainer<?> container;

  /** Takes it at once. */
  public Placeholder(Network network) {
    container =
        new GenericContainer<>(DockerImageName.parse(Image.NAME))
            .withImagePullPolicy(name -> false)
            .withNetwork(network)
            .waitingFor(new Nothing())
            .withCreateContainerCmdModifier(
                command ->
                    command
                        .withEntrypoint("sleep", "infinity")
                        .withHealthcheck(new HealthCheck().withTest(List.of("NONE"))));
    container.start();
  }

  @Override
  public void close() {
    container.close();
  }
}
