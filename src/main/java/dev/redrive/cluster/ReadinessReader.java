package dev.redrive.cluster;

import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Measures everything about one topic, side by side. Takes about 12 s at most once the topic was found. */
final class ReadinessReader {

    private static final UUID NO_ID = new UUID(0, 0);

    private final TopicNames names;
    private final ReadinessStore store;
    private final DeadLetterTopicOf deadLetters;
    private final ReadinessSampler sampler;
    private final ReadinessRightsReader rights;
    private final Told told;
    private final Clock clock;

    ReadinessReader(
            TopicNames names,
            ReadinessStore store,
            ReadinessSampler sampler,
            ReadinessRightsReader rights,
            Told told,
            Clock clock) {
        this.names = names;
        this.store = store;
        this.deadLetters = new DeadLetterTopicOf(names, store);
        this.sampler = sampler;
        this.rights = rights;
        this.told = told;
        this.clock = clock;
    }

    /** Fails with a problem where there is no such topic, or Kafka does not answer. */
    Future<Readiness> measure(TopicCluster cluster, String topic) {
        var state = cluster.find(topic);
        var all = cluster.names();
        var brokers = cluster.brokers();
        var id = cluster.kafkaId();
        return Future.all(state, all, brokers, id)
                .compose(known -> state.result()
                        .map(found -> pair(cluster, id.result(), found, all.result())
                                .compose(pair -> facts(cluster, id.result(), found, pair, brokers.result()))
                                .map(facts -> readiness(cluster, facts)))
                        .orElseGet(() -> unseen(cluster, topic)))
                .recover(TopicClusters::orUnavailable);
    }

    /** One that Kafka does not show us lacks a right, which is a finding; one that it does not know is none. */
    private Future<Readiness> unseen(TopicCluster cluster, String topic) {
        return cluster.hides(topic).map(hidden -> {
            if (!hidden) {
                throw RefusedException.notFound("There is no topic " + topic);
            }
            var check = ReadinessServiceRules.hidden(topic, new TopicCommand(cluster.settings()));
            return new Readiness(topic, NO_ID, cluster.settings().name(), null, null, List.of(check), clock.instant());
        });
    }

    /**
     * The other half: the origin of a dead-letter topic, the dead-letter topic of any other.
     *
     * @param hidden its name where Kafka does not show it to us; then it is in neither
     */
    private record Pair(
            @Nullable TopicState origin,
            @Nullable TopicState letters,
            @Nullable String hidden) {}

    private Future<Pair> pair(TopicCluster cluster, String id, TopicState topic, Set<String> all) {
        var name = topic.name();
        var stored = store.stored(id, name).map(known -> known.read()).otherwise(false);
        return stored.compose(read -> {
            boolean holdsLetters = read || names.isDeadLetterTopic(name, all);
            var other = holdsLetters ? origin(name, all) : deadLetters.find(id, name, all);
            var met = holdsLetters ? store.originOf(name) : store.lettersOf(id, name);
            return other.compose(found -> find(cluster, found))
                    .compose(half -> half.isPresent()
                            ? Future.succeededFuture(pair(holdsLetters, topic, half.get(), null))
                            : hidden(cluster, met).map(hides -> pair(holdsLetters, topic, null, hides)));
        });
    }

    private static Pair pair(
            boolean holdsLetters, TopicState topic, @Nullable TopicState half, @Nullable String hidden) {
        return holdsLetters ? new Pair(half, topic, hidden) : new Pair(null, half, hidden);
    }

    /** @param met the other half as letters name it */
    private static Future<@Nullable String> hidden(TopicCluster cluster, Future<Optional<String>> met) {
        return met.otherwise(Optional.empty())
                .compose(name -> name.isEmpty()
                        ? Future.succeededFuture()
                        : cluster.hides(name.get()).map(hides -> hides ? name.get() : null));
    }

    private static Future<Optional<TopicState>> find(TopicCluster cluster, Optional<String> name) {
        return name.map(cluster::find).orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Optional<String>> origin(String topic, Set<String> all) {
        return store.originOf(topic)
                .otherwise(Optional.empty())
                .map(seen -> seen.filter(all::contains).or(() -> Optional.ofNullable(names.originOf(topic, all))));
    }

    private Future<ReadinessFacts> facts(TopicCluster cluster, String id, TopicState topic, Pair pair, int brokers) {
        var letters = pair.letters();
        var sample = ReadinessPart.measured(sampler.sample(cluster.clients(), topic));
        var disk = ReadinessPart.measured(new ReadinessDiskReader(clock).measure(cluster, topic));
        var stored = ReadinessPart.measured(store.stored(id, letters == null ? topic.name() : letters.name()));
        var heard = ReadinessPart.measured(
                letters == null ? told.of(topic.name(), null) : told.of(letters.name(), sourceOf(topic, pair)));
        var may = letters == null
                ? Future.succeededFuture(ReadinessPart.<ReadinessRights>unknown("There is no dead-letter topic."))
                : ReadinessPart.measured(rights.measure(cluster, id, letters.name()));
        return Future.all(sample, disk, stored, heard, may)
                .map(known -> new ReadinessFacts(
                        topic,
                        names.roleOf(topic.name()),
                        pair.origin(),
                        letters,
                        pair.hidden(),
                        brokers,
                        sample.result(),
                        disk.result(),
                        stored.result(),
                        may.result(),
                        heard.result()));
    }

    private static @Nullable String sourceOf(TopicState topic, Pair pair) {
        var origin = pair.origin();
        var letters = pair.letters();
        boolean isDeadLetterTopic = letters != null && letters.name().equals(topic.name());
        return !isDeadLetterTopic ? topic.name() : origin == null ? null : origin.name();
    }

    private Readiness readiness(TopicCluster cluster, ReadinessFacts facts) {
        var origin = facts.origin();
        var letters = facts.letters();
        return new Readiness(
                facts.topic().name(),
                facts.topic().id(),
                cluster.settings().name(),
                origin == null ? null : origin.name(),
                letters == null ? null : letters.name(),
                ReadinessRules.judge(facts, new TopicCommand(cluster.settings())),
                clock.instant());
    }
}
