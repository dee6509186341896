/** Several letters at once: frozen selections, and jobs that work through them a batch at a time. See docs/jobs.md. */
@NullMarked
package dev.redrive.job;

import org.jspecify.annotations.NullMarked;
