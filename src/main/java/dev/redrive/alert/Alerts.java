package dev.redrive.alert;

import dev.redrive.Settings;
import dev.redrive.alert.DeliveryVerticle.Pace;
import dev.redrive.cluster.LagListener;
import dev.redrive.cluster.TopicListener;
import dev.redrive.grouping.NewGroupListener;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The feature as the rest of the product sees it: who is told of what, and the verticles that tell. */
public final class Alerts {

    private final Pool pool;
    private final Links links;
    private final List<Endpoint> endpoints;

    /** @param pool for writing; the caller closes it */
    public Alerts(Settings settings, Pool pool) {
        this.pool = pool;
        this.links = new Links(settings.http().publicUrl());
        this.endpoints = Stream.ofNullable(settings.webhook()).map(Endpoint::of).toList();
    }

    /**
     * Done when events are written for every endpoint of the settings and sent to it; so before letters are read.
     */
    public Future<Void> deploy(Vertx vertx) {
        var schedule = RetrySchedule.standard(new Random());
        return new EndpointStore(pool)
                .keep(endpoints)
                .compose(kept -> Future.all(endpoints.stream()
                        .map(endpoint -> vertx.deployVerticle(new DeliveryVerticle(
                                endpoint, new OutboxStore(pool), schedule, Pace.STANDARD, links.publicUrl())))
                        .toList()))
                .mapEmpty();
    }

    /** To be called in the transaction of the first letters. */
    public NewGroupListener onNewGroups() {
        return new NewGroupAlert(links);
    }

    /** As {@link #onNewGroups}, for a gap: in the transaction of the connection or not at all. */
    public Future<Void> tell(SqlConnection connection, GapNotice gap) {
        return OutboxStore.write(connection, List.of(new GapAlert(links).event(gap)));
    }

    /** As {@link #onNewGroups}, for a lane on hold. */
    public Future<Void> tell(SqlConnection connection, LaneNotice lane) {
        return OutboxStore.write(connection, List.of(new LaneAlert(links).event(lane)));
    }

    /** @return whether an event reaches anybody now */
    public Future<Boolean> reachAnybody() {
        return new EndpointStore(pool).isAnyActive();
    }

    /** As {@link #onNewGroups}, for consumer groups that do not get on. */
    public LagListener onLag() {
        var alert = new LagAlert(links);
        return (connection, notices) ->
                OutboxStore.write(connection, notices.stream().map(alert::event).toList());
    }

    /** As {@link #onNewGroups}, for dead-letter topics that somebody should look after. */
    public TopicListener onTopics() {
        var alert = new TopicAlert(links);
        return (connection, notices) ->
                OutboxStore.write(connection, notices.stream().map(alert::event).toList());
    }

    /** @param reading pool for lists */
    public Routes routes(Pool reading) {
        return new DeliveryRoutes(new DeliveryStore(reading));
    }
}
