package dev.redrive.convention;

import static dev.redrive.letter.Arrival.TimestampType.LOG_APPEND_TIME;

import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the trail of a record into the words of {@link Reading}. */
final class Readings {
    /** Facts about the origin; all others are about the latest failure. */
    private static final Set<String> OF_ORIGIN = Set.of("connector", "consumerGroupSource", "topicIsUuid", "topicId");

    private Readings() {}

    /**
     * Of a record on which no convention left a failure.
     *
     * @param none it is known to be no dead letter
     */
    static Reading ofNothing(TopicName name, List<String> drops, boolean none) {
        boolean deadLetter = !none && name.rank() != TopicName.ANY_NAME;
        return new Reading(
                none ? Reading.NONE : Reading.UNKNOWN,
                deadLetter ? inferred(Origin.UNKNOWN, name) : Origin.UNKNOWN,
                Failure.UNKNOWN,
                null,
                Payload.PRESENT,
                true,
                drops,
                null,
                deadLetter ? Map.of() : Map.of("deadLetter", "false"));
    }

    static Reading of(Evidence evidence, TopicName name, Trail trail, List<String> drops) {
        Hop latest = trail.latest();
        Origin origin = origin(evidence, name, trail);
        Payload payload = Payload.PRESENT;
        Sighting.Replay replay = Sighting.Replay.AS_IS;
        Content unwrapped = null;
        for (Trail.Found found : trail.found()) {
            Sighting sighting = found.sighting();
            payload = sighting.payload() == Payload.PRESENT ? payload : sighting.payload();
            replay = sighting.replay() == Sighting.Replay.AS_IS ? replay : sighting.replay();
            unwrapped = sighting.unwrapped() == null ? unwrapped : sighting.unwrapped();
        }
        return new Reading(
                latest.convention(),
                origin,
                latest.failure(),
                latest.sameRecordAs(trail.origin())
                        ? null
                        : new Reading.Hop(latest.topic(), latest.partition(), latest.offset(), latest.consumerGroup()),
                payload,
                replay == Sighting.Replay.AS_IS,
                drops,
                unwrapped,
                details(evidence, name, trail, origin, replay));
    }

    private static Origin origin(Evidence evidence, TopicName name, Trail trail) {
        Hop hop = trail.origin();
        var origin = new Origin(
                hop.topic(), hop.partition(), hop.offset(), timestamp(evidence, trail), hop.consumerGroup(), null);
        boolean nameTells = trail.found().stream().noneMatch(found -> found.by().sharesTopics());
        return hop.topic() == null && nameTells ? inferred(origin, name) : origin;
    }

    private static Origin inferred(Origin origin, TopicName name) {
        String topic = name.originTopic();
        String group = origin.consumerGroup() != null ? origin.consumerGroup() : name.consumerGroup();
        return topic == null
                ? origin
                : new Origin(
                        topic, origin.partition(), origin.offset(), origin.timestamp(), group, Origin.FROM_TOPIC_NAME);
    }

    /**
     * The dead letter's own timestamp is the origin's where every framework on the way kept it, and where the topic
     * does not stamp it anew.
     */
    private static @Nullable Long timestamp(Evidence evidence, Trail trail) {
        Hop hop = trail.origin();
        if (hop.timestamp() != null || !hop.keepsTimestamp()) {
            return hop.timestamp();
        }
        List<Sighting> stamping = trail.found().stream()
                .map(Trail.Found::sighting)
                .filter(sighting -> !sighting.hops().stream().allMatch(Hop::keepsTimestamp))
                .toList();
        long own = evidence.arrival().timestamp();
        if (!stamping.isEmpty()) {
            // The first framework that did not keep the timestamp saw the one that all before it kept.
            return stamping.size() == 1 ? stamping.get(0).oldest().timestamp() : null;
        }
        return own < 0 || evidence.arrival().timestampType() == LOG_APPEND_TIME ? null : (Long) own;
    }

    private static Map<String, String> details(
            Evidence evidence, TopicName name, Trail trail, Origin origin, Sighting.Replay replay) {
        var details = new HashMap<String, String>(trail.latest().details());
        boolean oneHop = trail.latest() == trail.origin();
        details.remove(oneHop ? "" : "consumerGroupSource");
        trail.origin().details().forEach((fact, value) -> {
            if (OF_ORIGIN.contains(fact)) {
                details.put(fact, value);
            }
        });
        if (replay == Sighting.Replay.FETCH_ORIGINAL) {
            details.put("replay", "fetch-original");
        }
        String target = origin.topic();
        if (evidence.topic().equals(target)) {
            details.put("selfLoop", "true");
        }
        if (target != null && FalseFriends.isInternalToStreams(target)) {
            details.put("replayTarget", "internal-topic");
        }
        if (name.isExcluded()) {
            details.put("deadLetter", "false");
        }
        return details;
    }
}
