package dev.redrive.ingest;

import dev.redrive.convention.Conventions;
import dev.redrive.convention.TopicName;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at some records of topics whose names do not say enough. Blocks on Kafka, so it never runs on an event loop.
 */
final class Sampler {

    private static final Logger log = LoggerFactory.getLogger(Sampler.class);
    private static final int RECORDS = 10;
    private static final int PARTITIONS = 12;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(400);

    /** From this rank on the name says nothing, see conventions/topic-names.md. */
    private static final int ANY_NAME = 9;

    private static final UUID NO_ID = new UUID(0, 0);

    private final KafkaClients clients;
    private final Conventions conventions;

    Sampler(KafkaClients clients, Conventions conventions) {
        this.clients = clients;
        this.conventions = conventions;
    }

    /** Whether a topic had records to look at, and whether they are dead letters. */
    enum Verdict {
        EMPTY,
        DEAD_LETTERS,
        OTHER
    }

    /** @param until when to stop; names that were not reached are missing from the answer */
    Map<String, Verdict> sample(List<TopicName> names, long until) {
        var verdicts = new LinkedHashMap<String, Verdict>();
        try (var reader = clients.reader("read_committed")) {
            for (var name : names) {
                if (System.nanoTime() > until) {
                    break;
                }
                verdicts.put(name.topic(), judge(reader, name));
            }
        }
        return verdicts;
    }

    /** A topic that cannot be sampled, for want of a right or because it was deleted, is not read. */
    private Verdict judge(KafkaConsumer<byte[], byte[]> reader, TopicName name) {
        try {
            return judge(name, records(reader, name.topic()));
        } catch (KafkaException failure) {
            log.debug("Cannot sample {}", name.topic(), failure);
            return Verdict.OTHER;
        }
    }

    /**
     * With a name that hints at dead letters one recognised record is enough. Without a hint half of them must be:
     * a business topic may hold letters that some tool replayed with all of their old headers, and then they name
     * that very topic as their origin.
     */
    private Verdict judge(TopicName name, List<ConsumerRecord<byte[], byte[]>> records) {
        if (records.isEmpty()) {
            return Verdict.EMPTY;
        }
        int recognised = 0;
        for (var record : records) {
            var arrival = Intake.arrival(
                    record, new Position("", record.topic(), NO_ID, record.partition(), record.offset(), -1));
            if (conventions.recognises(arrival) && !isItsOwnOrigin(name, conventions.read(arrival))) {
                recognised++;
            }
        }
        int needed = name.rank() >= ANY_NAME ? (records.size() + 1) / 2 : 1;
        return recognised >= needed ? Verdict.DEAD_LETTERS : Verdict.OTHER;
    }

    private static boolean isItsOwnOrigin(TopicName name, Reading reading) {
        return name.rank() >= ANY_NAME && name.topic().equals(reading.origin().topic());
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(KafkaConsumer<byte[], byte[]> reader, String topic) {
        var partitions = reader.partitionsFor(topic, TIMEOUT).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .limit(PARTITIONS)
                .toList();
        var starts = reader.beginningOffsets(partitions, TIMEOUT);
        var ends = reader.endOffsets(partitions, TIMEOUT);
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var partition : partitions) {
            long start = starts.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            Set<Long> offsets = new HashSet<>();
            for (long from : new TreeSet<>(List.of(start, Math.max(start, end - RECORDS)))) {
                read(reader, partition, from, end).forEach(record -> {
                    if (offsets.add(record.offset())) {
                        records.add(record);
                    }
                });
            }
        }
        return records;
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            KafkaConsumer<byte[], byte[]> reader, TopicPartition partition, long from, long end) {
        if (from >= end) {
            return List.of();
        }
        reader.assign(List.of(partition));
        reader.seek(partition, from);
        return reader.poll(POLL).records(partition).stream().limit(RECORDS).toList();
    }
}
