package dev.redrive.replay;

import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers of a replayed record: those of the content without the ones its convention drops, byte for byte and in
 * order, and behind them ours. Names are compared whole, never by prefix. Ours of an earlier replay go too.
 */
final class ProvenanceHeaders {

    static final String REPLAY_ID = Header.REPLAY_ID;
    static final String LETTER = "redrive-letter";
    static final String ATTEMPT = "redrive-attempt";

    static final List<String> NAMES = List.of(REPLAY_ID, LETTER, ATTEMPT);

    private ProvenanceHeaders() {}

    static List<org.apache.kafka.common.header.Header> of(Content content, Set<String> drops) {
        var kept = new ArrayList<org.apache.kafka.common.header.Header>();
        for (var header : content.headers()) {
            if (!isDropped(header.name(), drops)) {
                kept.add(toKafka(header));
            }
        }
        return kept;
    }

    static List<org.apache.kafka.common.header.Header> added(UUID replayId, long letterId, int attempt) {
        return List.of(
                text(REPLAY_ID, replayId.toString()),
                text(LETTER, Long.toString(letterId)),
                text(ATTEMPT, Integer.toString(attempt)));
    }

    static boolean isDropped(String name, Set<String> drops) {
        return drops.contains(name) || NAMES.contains(name);
    }

    @SuppressWarnings("NullAway") // Kafka's header takes a null value, but is not annotated
    private static org.apache.kafka.common.header.Header toKafka(Header header) {
        var value = header.value();
        return new RecordHeader(header.name(), value == null ? null : value.getBytes());
    }

    private static org.apache.kafka.common.header.Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
