package dev.reprise.examples;

import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes several systems, one step after the other. Kill the process half-way: the next attempt
 * goes on behind the last step whose result was journaled.
 *
 * <pre>
 * curl localhost:8080/roles/apply \
 *   --json '{"userId": "Ada", "roleName": "pilot", "permissions": ["start", "fly", "land"]}'
 * </pre>
 */
@Service("roles")
public class RoleUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(RoleUpdates.class);

  public record Update(String userId, String roleName, List<String> permissions) {}

  @Handler
  public String apply(Context ctx, Update update) {
    String roleId = ctx.run("create role", String.class, () -> createRole(update.roleName()));

    // Simply loop: each step is journaled.
    for (String permission : update.permissions()) {
      ctx.run("apply permission", () -> applyPermission(roleId, permission));
    }

    ctx.run("assign to user", () -> assignRole(update.userId(), roleId));
    return roleId;
  }

  private static String createRole(String roleName) {
    LOG.info("create role {}", roleName);
    return roleName + "-" + UUID.randomUUID();
  }

  private static void applyPermission(String roleId, String permission) {
    LOG.info("role {} may {}", roleId, permission);
  }

  private static void assignRole(String userId, String roleId) {
    LOG.info("{} has role {}", userId, roleId);
  }
}
