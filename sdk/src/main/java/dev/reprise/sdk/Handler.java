package dev.reprise.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that can be called from outside.
 *
 * <p>It takes at most one input, before which it may take the {@link Context} that suits its
 * service: {@link Context} for a service, {@link ObjectContext} for an exclusive handler and {@link
 * SharedObjectContext} for a shared one; {@link WorkflowContext} for a workflow's {@code run} and
 * {@link SharedWorkflowContext} for its other handlers.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Handler {
  /** The handler's name; by default the method's. */
  String value() default "";
}
