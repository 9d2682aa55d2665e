import * as restate from "@restatedev/restate-sdk";
import { leaveTrace } from "./outside.ts";

export interface RoleUpdate {
  userId: string;
  roleName: string;
  permissions: string[];
}

/**
 * A workflow as code: each step is journaled, and a retry uses the journaled results instead of
 * executing the steps again.
 */
async function applyRoleUpdate(ctx: restate.Context, update: RoleUpdate) {
  const { userId, roleName, permissions } = update;
  if (!userId) throw new restate.TerminalError("Expected a userId, but there is none", { errorCode: 400 });

  const roleId = await ctx.run("create role", () => createNewRole(userId, roleName));
  for (const permission of permissions) {
    await ctx.run("apply permission", () => applyPermission(userId, roleId, permission));
  }
  await ctx.run("assign to user", () => applyRole(userId, roleId));
  return { roleId, applied: permissions.length };
}

function createNewRole(userId: string, roleName: string): string {
  leaveTrace(userId, `create role ${roleName}`);
  return `${roleName}-${Math.random().toString(36).slice(2, 8)}`;
}

function applyPermission(userId: string, roleId: string, permission: string): void {
  leaveTrace(userId, `apply ${permission} to ${roleId}`);
}

function applyRole(userId: string, roleId: string): void {
  leaveTrace(userId, `assign ${roleId}`);
}

export const roles = restate.service({ name: "roles", handlers: { applyRoleUpdate } });
export type Roles = typeof roles;
