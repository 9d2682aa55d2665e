package dev.reprise.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A keyed service: each key has state of its own, and at most one exclusive handler runs per key.
 * Handlers marked {@link Shared} run beside it and only read.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface VirtualObject {
  /** The object's name; by default the simple name of the class. */
  String value() default "";
}
