package dev.redrive.convention;

import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Spring Cloud Stream with {@code headerMode=embeddedHeaders}: the value is 0xFF, a count, then for each header the
 * name's length (1 byte), the name, the length of its JSON (4 bytes) and the JSON, then the payload
 * ({@code org.springframework.cloud.stream.binder.EmbeddedHeaderUtils}). A replay keeps the embedded headers that are
 * not about the failure.
 */
final class SpringCloudStreamEmbedded implements Convention {
    private static final int MAGIC = 0xFF;
    private static final Convention NAMES = new SpringCloudStream();

    @Override
    public Set<String> own() {
        return Set.of();
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        Buffer value = evidence.value();
        if (value == null || value.length() < 3 || value.getUnsignedByte(0) != MAGIC) {
            return null;
        }
        var facts = new HashMap<String, String>();
        Buffer rest = unwrap(value, facts);
        if (rest == null || !facts.containsKey(SpringCloudStream.TOPIC)) {
            return null;
        }
        Hop hop = Hop.at(
                        SpringCloudStream.ID,
                        Text.topic(facts.get(SpringCloudStream.TOPIC)),
                        Block.narrow(number(facts, SpringCloudStream.PARTITION)),
                        number(facts, SpringCloudStream.OFFSET))
                .timestamp(number(facts, SpringCloudStream.TIMESTAMP))
                .failed(new Failure(
                        word(facts, SpringCloudStream.EXCEPTION),
                        null,
                        facts.get(SpringCloudStream.MESSAGE),
                        word(facts, SpringCloudStream.STACK_TRACE),
                        null))
                .detail("envelope", "spring-embedded-headers");
        return Sighting.of(hop)
                .unwrapping(new Content(
                        evidence.key(), rest, evidence.arrival().content().headers()));
    }

    private static @Nullable String word(Map<String, String> facts, String name) {
        String text = facts.get(name);
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable Long number(Map<String, String> facts, String name) {
        return Text.decimal(facts.get(name));
    }

    /** The value without our eight headers; null where it is no such envelope. */
    private static @Nullable Buffer unwrap(Buffer value, Map<String, String> facts) {
        Buffer kept = Buffer.buffer();
        int count = value.getUnsignedByte(1);
        int keptCount = 0;
        int at = 2;
        for (int i = 0; i < count; i++) {
            int json = at < value.length() ? at + 1 + value.getUnsignedByte(at) : Integer.MAX_VALUE - Integer.BYTES;
            if (json + Integer.BYTES > value.length()) {
                return null;
            }
            int length = value.getInt(json);
            if (length < 0 || length > value.length() - json - Integer.BYTES) {
                return null;
            }
            int end = json + Integer.BYTES + length;
            String name = value.getString(at + 1, json);
            if (SpringCloudStream.NAMES.contains(name)) {
                Object fact = BoundedJson.read(value.getBytes(json + Integer.BYTES, end));
                if (fact != null) {
                    facts.put(name, Text.clean(fact.toString()));
                }
            } else {
                kept.appendBuffer(value, at, end - at);
                keptCount++;
            }
            at = end;
        }
        Buffer payload = value.getBuffer(at, value.length());
        return keptCount == 0
                ? payload
                : Buffer.buffer()
                        .appendByte((byte) MAGIC)
                        .appendByte((byte) keptCount)
                        .appendBuffer(kept)
                        .appendBuffer(payload);
    }

    @Override
    public Hop complete(Hop hop, Set<String> topics) {
        return NAMES.complete(hop, topics);
    }
}
