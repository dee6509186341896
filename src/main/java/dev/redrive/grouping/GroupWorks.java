package dev.redrive.grouping;

import dev.redrive.audit.AuditStore;
import dev.redrive.job.Work;
import io.vertx.core.Vertx;
import java.util.List;

/** The jobs that change in which failure group letters lie. */
public final class GroupWorks {

    private GroupWorks() {}

    public static List<Work> all(Vertx vertx, AuditStore audit) {
        return List.of(MoveWork.MERGE, MoveWork.SPLIT, new RegroupWork(vertx, audit));
    }
}
