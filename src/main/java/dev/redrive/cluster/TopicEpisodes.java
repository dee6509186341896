package dev.redrive.cluster;

import dev.redrive.cluster.TopicEpisodeStore.Episode;
import dev.redrive.cluster.TopicNotice.Kind;
import dev.redrive.cluster.TopicTrouble.Subject;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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

    /**
     * @param troubles all that there are of this kind, of the subjects that were looked at
     * @param begins whether a trouble begins an episode; if not, only those that are open go on
     * @param looked which were looked at: of the others nothing is said
     */
    Future<Void> settle(
            SqlConnection connection,
            short cluster,
            Kind kind,
            List<TopicTrouble> troubles,
            boolean begins,
            Predicate<Subject> looked) {
        var now = new HashMap<Subject, TopicTrouble>();
        troubles.forEach(trouble -> now.putIfAbsent(trouble.subject(), trouble));
        return store.open(connection, cluster, kind).compose(open -> {
            var notices = new ArrayList<TopicNotice>();
            Future<Void> chain = Future.succeededFuture();
            for (var entry : open.entrySet()) {
                if (!now.containsKey(entry.getKey()) && looked.test(entry.getKey())) {
                    chain = chain.compose(done -> resolve(connection, kind, entry, notices));
                }
            }
            for (var trouble : now.values()) {
                var before = open.get(trouble.subject());
                if (before != null) {
                    notices.add(notice(before, kind, trouble.subject(), trouble.details(), false));
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
                    notices.add(notice(episode, trouble.kind(), trouble.subject(), trouble.details(), false)));
            return null;
        });
    }

    private Future<Void> resolve(
            SqlConnection connection, Kind kind, Map.Entry<Subject, Episode> open, List<TopicNotice> notices) {
        var episode = open.getValue();
        return store.resolve(connection, episode.id()).map(resolved -> {
            if (resolved) {
                notices.add(notice(episode, kind, open.getKey(), episode.details(), true));
            }
            return null;
        });
    }

    private TopicNotice notice(Episode episode, Kind kind, Subject subject, JsonObject details, boolean resolved) {
        return new TopicNotice(
                resolved, kind, clusterName, subject.topic(), subject.partition(), episode.firedAt(), details);
    }
}
