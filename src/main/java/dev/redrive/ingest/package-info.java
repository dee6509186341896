/** Kafka to Postgres: which topics are read, how far, and how a record becomes a stored letter. */
@NullMarked
package dev.redrive.ingest;

import org.jspecify.annotations.NullMarked;
