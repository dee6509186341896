package dev.redrive.cluster;

/**
 * A topic that people may take for a dead-letter topic and that is not read.
 *
 * @param cluster its name in the settings
 * @param why the end of a sentence
 */
public record NotRead(String cluster, String topic, String why) {}
