/** Kafka to letters: discovery, the poll loop, positions and gaps. */
@NullMarked
package dev.redrive.ingest;

import org.jspecify.annotations.NullMarked;
