package dev.reprise.storage.table;

import dev.reprise.storage.model.InvocationId;

/**
 * Who has an object's key now, and how much waits for it. There is no lock where nobody runs and
 * nobody waits.
 *
 * @param waiting invocations in the inbox
 * @param patches changes of the object's state that are due when the key is handed on
 */
public record ObjectLock(InvocationId holder, int waiting, int patches) {
  public ObjectLock withWaiting(int invocations) {
    return new ObjectLock(holder, invocations, patches);
  }

  public ObjectLock withPatches(int changes) {
    return new ObjectLock(holder, waiting, changes);
  }
}
