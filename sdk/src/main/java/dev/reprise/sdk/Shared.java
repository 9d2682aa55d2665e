package dev.reprise.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A {@link Handler} of a virtual object that may run at any time, also beside the exclusive one,
 * and does not write state.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Shared {
  /** The handler's name; by default the method's. */
  String value() default "";
}
