package dev.redrive.convention;

import dev.redrive.convention.Trail.Found;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Reading;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every way we know in which a framework writes a dead letter. Immutable, free of input and output, and total: no
 * bytes make it throw. Safe on an event loop; the work is bounded by the size of the record.
 */
public final class Conventions {
    private static final Conventions STANDARD = new Conventions(List.of(
            new SpringKafka(),
            new SpringRetryTopics(),
            new SpringCloudStream(),
            new SpringCloudStreamEmbedded(),
            new KafkaConnect(),
            new KafkaStreams(),
            new KafkaShareGroup(),
            new KafkaConsumerDraft(),
            new SmallRye(),
            new SmallRyeDelayedRetry(),
            new Micronaut(),
            new Helidon(),
            new Knative(),
            new Watermill(),
            new Wolverine(),
            Karafka.since25(),
            Karafka.before25(),
            new Dapr(),
            new AwsLambda(),
            new UberForwarder(),
            new BakdataEnvelope(),
            new Silverback(),
            new Brighter(),
            new LaravelKafka(),
            new TrendyolKonsumer(),
            new SentryArroyo(),
            new RedpandaConnect(),
            new ConfluentReporter(),
            new RedriveQuarantine()));

    /** Envelopes within envelopes; deeper ones are left as they are. */
    private static final int DEEPEST = 3;

    private final List<Convention> conventions;
    private final Set<String> own;

    private Conventions(List<Convention> conventions) {
        this.conventions = conventions;
        this.own = Set.copyOf(conventions.stream()
                .flatMap(convention -> convention.own().stream())
                .toList());
    }

    /** All conventions of {@code docs/conventions.md}. */
    public static Conventions standard() {
        return STANDARD;
    }

    /**
     * What the record says about its origin and failure; {@code unknown} where no convention wrote it, {@code none}
     * where it is known to be no dead letter. The topic's name is judged without knowing the cluster's topics.
     */
    public Reading read(Arrival arrival) {
        return read(arrival, TopicName.judge(arrival.position().topic(), Set.of()));
    }

    /** As {@link #read(Arrival)}, with a name that was judged against the topics of its cluster. */
    public Reading read(Arrival arrival, TopicName name) {
        var evidence = new Evidence(arrival);
        List<Found> found = sight(evidence);
        List<String> drops = drops(evidence, found);
        if (found.isEmpty()) {
            return Readings.ofNothing(name, drops, name.misleads());
        }
        if (found.stream().noneMatch(Conventions::isFailure)) {
            return Readings.ofNothing(name, drops, true);
        }
        Trail trail = Trail.of(found, evidence.topic());
        // A hop of a retry topic that says no more than where it came from.
        return name.isExcluded() && saysNothing(trail.latest().failure())
                ? Readings.ofNothing(name, drops, true)
                : Readings.of(evidence, name, trail, drops);
    }

    /**
     * Whether a known family of headers or a known envelope shows that the record is a dead letter of another topic.
     * A record that was replayed into its origin with all its headers is none.
     */
    public boolean recognises(Arrival arrival) {
        var evidence = new Evidence(arrival);
        TopicName name = TopicName.judge(evidence.topic(), Set.of());
        List<Found> found = sight(evidence).stream()
                .filter(one -> name.hints() || !one.by().needsHint())
                .filter(Conventions::isFailure)
                .toList();
        if (name.isExcluded() || found.isEmpty()) {
            return false;
        }
        Trail trail = Trail.of(found, evidence.topic());
        return !evidence.topic().equals(trail.origin().topic())
                && !evidence.topic().equals(trail.latest().topic());
    }

    private static boolean isFailure(Found found) {
        return found.by().showsFailure(found.sighting());
    }

    private List<Found> sight(Evidence evidence) {
        var found = new ArrayList<Found>(2);
        sight(evidence, 0, found);
        if (found.size() > 1) {
            found.removeIf(one -> one.by().standsAlone());
        }
        return found;
    }

    private void sight(Evidence evidence, int depth, List<Found> found) {
        for (Convention convention : conventions) {
            Sighting sighting = convention.sight(evidence);
            if (sighting == null) {
                continue;
            }
            found.add(Found.on(evidence, convention, sighting, depth));
            Content inside = sighting.unwrapped();
            if (inside != null && convention.wrapsHeaders() && depth < DEEPEST) {
                sight(evidence.inside(inside), depth + 1, found);
            }
        }
    }

    /** Names on the record, and on what an envelope held. */
    private static Set<String> names(Evidence evidence, List<Found> found) {
        var names = new LinkedHashSet<>(evidence.names());
        for (Found one : found) {
            Content inside = one.sighting().unwrapped();
            if (inside != null) {
                inside.headers().forEach(header -> names.add(header.name()));
            }
        }
        return names;
    }

    private List<String> drops(Evidence evidence, List<Found> found) {
        var drops = new LinkedHashSet<String>();
        for (String name : names(evidence, found)) {
            if (own.contains(name)
                    || found.stream().anyMatch(one -> one.by().borrowed().contains(name))) {
                drops.add(name);
            }
        }
        return List.copyOf(drops);
    }

    private static boolean saysNothing(Failure failure) {
        return failure.exceptionClass() == null && failure.message() == null && failure.stackTrace() == null;
    }
}
