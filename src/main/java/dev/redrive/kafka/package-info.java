/** Kafka clients with the guarantees this product relies on. */
@NullMarked
package dev.redrive.kafka;

import org.jspecify.annotations.NullMarked;
