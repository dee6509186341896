package dev.redrive.cluster;

import java.time.Duration;
import java.time.Instant;

/**
 * When a lag is worth an alert: not when it is a burst that drains, and not when nobody uses the group any more.
 *
 * @param limit records; more than that and a state that is not {@link LagState#OK} fire; 0 for no alert at all
 * @param calm how long it must be well before it is over, so that a group on the edge is told of once
 */
record LagRule(long limit, Duration calm) {

    /** A group without members that nobody has moved for so long is taken for abandoned, and only told of by its size. */
    private static final Duration ALIVE = Duration.ofHours(24);

    boolean fires(GroupLag group, Instant now) {
        if (limit == 0 || group.state() == LagState.OK) {
            return false;
        }
        return group.lag() > limit || group.state().isStuck() && group.isAlive(now, ALIVE);
    }

    /** Whether a group that fired is well. One that is stuck never is, however small its lag. */
    boolean isCalm(GroupLag group) {
        return limit == 0 || group.state() == LagState.OK || !group.state().isStuck() && group.lag() <= limit;
    }
}
