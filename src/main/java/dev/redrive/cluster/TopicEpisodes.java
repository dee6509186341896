package dev.redrive.cluster;

import dev.redrive.cluster.TopicEpisodeStore.Episode;
import dev.redrive.cluster.TopicNotice.End;
import dev.redrive.cluster.TopicNotice.Kind;
import dev.redrive.cluster.TopicTrouble.Subject;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One episode a kind of trouble and subject: it is told while it lasts, and its end once. What is decided, the row of the
 * episode and what is told of it are one transaction, so an end always follows its beginning.
 */
final class TopicEpisodes {

    private final TopicEpisodeStore store = new TopicEpisodeStore();
    private final TopicListener listener;
    private final String clusterName;

    TopicEpisodes(TopicListener listener, String clusterName) {
        this.listener = listener;
        this.clusterName = clusterName;
    }

    /** What is open of this kind now, by subject. */
    Future<Map<Subject, Episode>> open(Pool pool, short cluster, Kind kind) {
        return store.open(pool, cluster, kind);
    }

    /**
     * @param troubles all that there are of this kind, of the subjects that were looked at
     * @param begins whether a trouble begins an episode; if not, only those that are open go on
     * @param ends why one that is open and has no trouble is over; empty where nothing can be said of it now
     */
    Future<Void> settle(
            SqlConnection connection,
            short cluster,
            Kind kind,
            List<TopicTrouble> troubles,
            boolean begins,
            Function<Subject, Optional<End>> ends) {
        var now = new HashMap<Subject, TopicTrouble>();
        troubles.forEach(trouble -> now.putIfAbsent(trouble.subject(), trouble));
        return store.open(connection, cluster, kind).compose(open -> {
            var notices = new ArrayList<TopicNotice>();
            Future<Void> chain = Future.succeededFuture();
            for (var entry : open.entrySet()) {
                var end = now.containsKey(entry.getKey()) ? Optional.<End>empty() : ends.apply(entry.getKey());
                if (end.isPresent()) {
                    chain = chain.compose(done -> resolve(connection, kind, entry, end.get(), notices));
                }
            }
            for (var trouble : now.values()) {
                var before = open.get(trouble.subject());
                if (before != null) {
                    notices.add(notice(before, kind, trouble.subject(), trouble.details(), null));
                } else if (begins) {
                    chain = chain.compose(done -> begin(connection, cluster, trouble, notices));
                }
            }
            return chain.compose(
                    done -> notices.isEmpty() ? Future.succeededFuture() : listener.tell(connection, notices));
        });
    }

    private Future<Void> begin(
            SqlConnection connection, short cluster, TopicTrouble trouble, List<TopicNotice> notices) {
        return store.begin(connection, cluster, trouble).map(begun -> {
            begun.ifPresent(episode ->
                    notices.add(notice(episode, trouble.kind(), trouble.subject(), trouble.details(), null)));
            return null;
        });
    }

    private Future<Void> resolve(
            SqlConnection connection, Kind kind, Map.Entry<Subject, Episode> open, End end, List<TopicNotice> notices) {
        var episode = open.getValue();
        return store.resolve(connection, episode.id(), end).map(resolved -> {
            if (resolved) {
                notices.add(notice(episode, kind, open.getKey(), episode.details(), end));
            }
            return null;
        });
    }

    private TopicNotice notice(Episode episode, Kind kind, Subject subject, JsonObject details, @Nullable End end) {
        return new TopicNotice(
                end, kind, clusterName, subject.topic(), subject.partition(), episode.firedAt(), details);
    }
}
