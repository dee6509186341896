package dev.redrive.cluster;

import org.jspecify.annotations.Nullable;

/**
 * One check and how it ended.
 *
 * @param topic what it is about
 * @param measured what was found, or why nothing was; holds no byte of a record
 * @param fix a command for a POSIX shell; null where there is nothing to do, or no command does it
 */
record ReadinessCheck(
        ReadinessAspect aspect,
        ReadinessLevel level,
        String topic,
        String measured,
        @Nullable String fix) {}
