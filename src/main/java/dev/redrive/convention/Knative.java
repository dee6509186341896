package dev.redrive.convention;

import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knative's eventing-kafka-broker 1.23, {@code RecordDispatcherImpl.java#errorTransform}: three CloudEvents extensions,
 * as {@code ce_} headers in binary mode and as members of the JSON in structured mode. Without an HTTP answer there is
 * only the destination. No coordinates: the source is the trigger's broker. Other {@code ce_} headers are the event.
 */
final class Knative implements Convention {
    private static final String ID = "knative";
    private static final String DESTINATION = "knativeerrordest";
    private static final String CODE = "knativeerrorcode";
    private static final String DATA = "knativeerrordata";
    private static final Set<String> EXTENSIONS = Set.of(DESTINATION, CODE, DATA);
    private static final String HEADER = "ce_";
    private static final Set<String> OWN = Set.of(HEADER + DESTINATION, HEADER + CODE, HEADER + DATA);
    private static final String CONTENT_TYPE = "content-type";
    private static final String STRUCTURED = "application/cloudevents";

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (evidence.has(HEADER + DESTINATION)) {
            Block block = evidence.newest(OWN);
            return Sighting.of(
                    hop(block.word(HEADER + DESTINATION), block.word(HEADER + CODE), block.word(HEADER + DATA)));
        }
        return structured(evidence);
    }

    private static @Nullable Sighting structured(Evidence evidence) {
        String type = evidence.newest(Set.of(CONTENT_TYPE)).text(CONTENT_TYPE);
        Buffer value = evidence.value();
        if (type == null
                || value == null
                || !type.toLowerCase(Locale.ROOT).startsWith(STRUCTURED)
                || !Bytes.contains(value, DESTINATION)) {
            return null;
        }
        Fields event = Fields.of(BoundedJson.read(value.getBytes()));
        Buffer rest = event.has(DESTINATION) ? JsonMembers.without(value, EXTENSIONS) : null;
        if (rest == null) {
            return null;
        }
        Hop hop = hop(event.text(DESTINATION), event.text(CODE), event.text(DATA))
                .detail("envelope", "cloudevents-structured");
        return Sighting.of(hop)
                .unwrapping(new Content(
                        evidence.key(), rest, evidence.arrival().content().headers()));
    }

    private static Hop hop(@Nullable String destination, @Nullable String code, @Nullable String data) {
        String status = code == null || code.isEmpty() ? null : "HTTP " + code;
        return Hop.at(ID, null, null, null)
                .failed(new Failure(status, null, message(data), null, null))
                .detail("destination", destination);
    }

    /** Base64 of the first bytes of the answer, which may end within a character. */
    private static @Nullable String message(@Nullable String data) {
        if (data == null) {
            return null;
        }
        try {
            return Text.clean(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException plainText) {
            return data;
        }
    }

    @Override
    public boolean sharesTopics() {
        return true;
    }
}
