/** The manifests of {@code k8s/}, rendered and held against Kubernetes' own models. */
@NullMarked
package dev.reprise.chaos.kubernetes;

import org.jspecify.annotations.NullMarked;
