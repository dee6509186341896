/** The product on one machine for development: {@code ./mvnw -Pdev}. */
@NullMarked
package dev.redrive.dev;

import org.jspecify.annotations.NullMarked;
