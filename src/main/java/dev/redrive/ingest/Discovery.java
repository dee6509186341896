package dev.redrive.ingest;

import dev.redrive.Settings;
import dev.redrive.convention.TopicName;
import dev.redrive.ingest.Sampler.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * Decides which topics of a cluster are read: by name where the name is enough, else by a sample of records, and as
 * the settings say. A topic that was found to hold dead letters stays read. Lives on one event loop.
 */
final class Discovery {

    /** Sampling one topic costs some round trips, and a round should leave time for the next. */
    private static final int SAMPLES_A_ROUND = 50;

    private static final Duration SAMPLING = Duration.ofMillis(2_500);
    private static final Duration RESAMPLE_FIRST = Duration.ofSeconds(3);
    private static final Duration RESAMPLE_LAST = Duration.ofMinutes(5);

    /** What an operator decided, whatever names, headers and included patterns say. */
    enum Decision {
        INCLUDE,
        EXCLUDE
    }

    /** When a topic is looked at again that showed no dead letters. */
    private record Doubt(long at, Duration pause) {}

    private final Vertx vertx;
    private final Settings.Cluster settings;
    private final ClusterTopics cluster;
    private final Sampler sampler;
    private final Set<String> confirmed = new HashSet<>();
    private final Map<String, Doubt> doubts = new HashMap<>();
    private Map<String, String> notRead = Map.of();

    Discovery(Vertx vertx, Settings.Cluster settings, ClusterTopics cluster, Sampler sampler) {
        this.vertx = vertx;
        this.settings = settings;
        this.cluster = cluster;
        this.sampler = sampler;
    }

    /**
     * One look at the cluster.
     *
     * @param readBefore ids of topics that were ever read
     * @param decisions of operators; only what the settings exclude is stronger
     * @return the topics to read, each with what its name tells
     */
    Future<Map<String, TopicName>> round(Set<UUID> readBefore, Map<String, Decision> decisions) {
        return cluster.names().compose(names -> {
            confirmed.retainAll(names);
            doubts.keySet().retainAll(names);
            var wanted = new HashSet<String>();
            var unsure = new ArrayList<TopicName>();
            for (var name : names) {
                var decided = decisions.get(name);
                if (matches(settings.exclude(), name) || decided == Decision.EXCLUDE) {
                    continue;
                }
                var judged = TopicName.judge(name, names);
                if (decided == Decision.INCLUDE
                        || matches(settings.include(), name)
                        || judged.isDeadLetterByName()
                        || confirmed.contains(name)) {
                    wanted.add(name);
                } else if (judged.needsHeaders()) {
                    unsure.add(judged);
                }
            }
            return sampled(unsure, readBefore).map(found -> {
                wanted.addAll(found);
                notRead = notRead(names, wanted, decisions);
                return judged(wanted, names);
            });
        });
    }

    private static Map<String, TopicName> judged(Set<String> wanted, Set<String> names) {
        var judged = new HashMap<String, TopicName>();
        for (var topic : wanted) {
            var name = TopicName.judge(topic, names);
            // A replica that somebody asked for all the same holds dead letters.
            judged.put(topic, name.isExcluded() ? TopicName.judge(topic, Set.of()) : name);
        }
        return judged;
    }

    /** As the settings call it. */
    String clusterName() {
        return settings.name();
    }

    /** Topics that people may miss, as of the last round: name to the reason, the end of a sentence. */
    Map<String, String> notRead() {
        return notRead;
    }

    private Map<String, String> notRead(Set<String> names, Set<String> wanted, Map<String, Decision> decisions) {
        var reasons = new HashMap<String, String>();
        for (var name : names) {
            if (wanted.contains(name)) {
                continue;
            }
            var why = TopicName.whyNotRead(name, names);
            if (decisions.get(name) == Decision.EXCLUDE) {
                reasons.put(name, "excluded on the desk");
            } else if (why.isPresent()) {
                reasons.put(name, why.get());
            } else if (TopicName.looksLikeDeadLetters(name)) {
                reasons.put(
                        name,
                        matches(settings.exclude(), name)
                                ? "excluded by REDRIVE_TOPICS_EXCLUDE"
                                : "not confirmed: no record of it was seen to be a dead letter");
            }
        }
        return Map.copyOf(reasons);
    }

    private static boolean matches(List<Pattern> patterns, String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
    }

    private Future<Set<String>> sampled(List<TopicName> unsure, Set<UUID> readBefore) {
        long now = System.nanoTime();
        // Stable: those never looked at come first.
        var due = unsure.stream()
                .filter(name -> isDue(name, now))
                .sorted((a, b) -> Boolean.compare(doubts.containsKey(a.topic()), doubts.containsKey(b.topic())))
                .limit(SAMPLES_A_ROUND)
                .toList();
        if (due.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        var names = new HashSet<String>();
        due.forEach(name -> names.add(name.topic()));
        return cluster.describe(names)
                .compose(described -> looked(due, described, readBefore))
                .map(verdicts -> {
                    verdicts.forEach(this::judged);
                    names.retainAll(confirmed);
                    return names;
                });
    }

    /** Most topics that nobody was sure of are empty, and to hear that of all at once costs no more than of one. */
    private Future<Map<String, Verdict>> looked(
            List<TopicName> due, Map<String, TopicDescription> described, Set<UUID> readBefore) {
        var doubtful = readBefore(due, described, readBefore);
        var known = doubtful.stream()
                .map(name -> described.get(name.topic()))
                .filter(Objects::nonNull)
                .toList();
        return cluster.empty(known).compose(empty -> {
            var full = doubtful.stream()
                    .filter(name -> !empty.contains(name.topic()))
                    .toList();
            return sampled(full).map(sampled -> {
                var verdicts = new HashMap<>(sampled);
                empty.forEach(topic -> verdicts.put(topic, Verdict.EMPTY));
                return verdicts;
            });
        });
    }

    private Future<Map<String, Verdict>> sampled(List<TopicName> names) {
        return names.isEmpty()
                ? Future.succeededFuture(Map.of())
                : vertx.executeBlocking(() -> sampler.sample(names, System.nanoTime() + SAMPLING.toNanos()));
    }

    private boolean isDue(TopicName name, long now) {
        var doubt = doubts.get(name.topic());
        return doubt == null || now - doubt.at() >= 0;
    }

    /** Confirms those that were read before. @return the rest */
    private List<TopicName> readBefore(
            List<TopicName> due, Map<String, TopicDescription> described, Set<UUID> readBefore) {
        return due.stream()
                .filter(name -> {
                    var topic = described.get(name.topic());
                    boolean known = topic != null && readBefore.contains(ClusterTopics.id(topic));
                    return !(known && confirmed.add(name.topic()));
                })
                .toList();
    }

    /** An empty topic is looked at soon again, because its first record is to be read within 10 s. */
    private void judged(String topic, Verdict verdict) {
        if (verdict == Verdict.DEAD_LETTERS) {
            confirmed.add(topic);
            doubts.remove(topic);
            return;
        }
        var before = doubts.get(topic);
        var pause = before == null || verdict == Verdict.EMPTY
                ? RESAMPLE_FIRST
                : before.pause().multipliedBy(2);
        var bounded = pause.compareTo(RESAMPLE_LAST) > 0 ? RESAMPLE_LAST : pause;
        doubts.put(topic, new Doubt(System.nanoTime() + bounded.toNanos(), bounded));
    }
}
