package dev.reprise.sdk.core;

import dev.reprise.api.protocol.ErrorMessage.Behavior;

/**
 * How one attempt is to be conducted.
 *
 * @param version of the service protocol, 5 to 7
 * @param implicitCancellation whether each await fails when the invocation is cancelled; otherwise
 *     user code looks for the signal itself
 * @param onMismatch what the server does when journal and code differ; counts since version 7
 */
public record MachineOptions(int version, boolean implicitCancellation, Behavior onMismatch) {
  public static MachineOptions of(int version) {
    return new MachineOptions(version, true, Behavior.RETRY);
  }

  public MachineOptions explicitCancellation() {
    return new MachineOptions(version, false, onMismatch);
  }

  public MachineOptions onMismatch(Behavior behavior) {
    return new MachineOptions(version, implicitCancellation, behavior);
  }
}
