package dev.redrive.alert;

/**
 * What there is to tell of records that Kafka no longer had when we came to read them.
 *
 * @param id of the gap; it is told once
 * @param from first offset that is missing
 * @param to the offset that reading went on with; equal to {@code from} where nothing can be counted
 * @param cause one word: {@code retention}, {@code truncation}, {@code recreation} or {@code operator}
 */
public record GapNotice(long id, String cluster, String topic, int partition, long from, long to, String cause) {}
