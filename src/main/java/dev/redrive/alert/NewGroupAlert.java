package dev.redrive.alert;

import dev.redrive.grouping.FailureGroup;
import dev.redrive.grouping.NewGroupListener;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.util.List;

/**
 * Notes a new failure group, in the transaction of its first letters. The message of the failure is told nobody: even
 * normalised it can hold what a customer typed.
 */
final class NewGroupAlert implements NewGroupListener {

    private final GroupSource source;
    private final Clock clock;

    NewGroupAlert(Links links, Clock clock) {
        this.source = new GroupSource(links);
        this.clock = clock;
    }

    @Override
    public Future<Void> created(SqlConnection connection, List<FailureGroup> groups) {
        var now = clock.instant();
        return Noticing.tell(
                connection,
                groups.stream().map(group -> source.created(group, now)).toList(),
                now);
    }
}
