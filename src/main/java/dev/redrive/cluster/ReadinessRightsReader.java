package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessRights.Right.Answer.MAY;
import static dev.redrive.cluster.ReadinessRights.Right.Answer.MAY_NOT;
import static dev.redrive.cluster.ReadinessRights.Right.Answer.UNKNOWN;

import dev.redrive.cluster.ReadinessRights.Right;
import dev.redrive.cluster.ReplayNeeds.Needs;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what we may do, and does nothing for it that anybody would notice. Rules of access are not read, because a
 * cluster does not tell whom it takes us for; what counts is what it answers to us.
 */
record ReadinessRightsReader(ReplayNeeds needs, ReadinessStore store) {

    private static final Right OPEN = new Right(MAY, "The cluster has no authorizer: everybody may.");

    /** @param kafkaId Kafka's own id of the cluster; {@code letters} the dead-letter topic */
    Future<ReadinessRights> measure(TopicCluster cluster, String kafkaId, String letters) {
        var needed = needs.of(kafkaId);
        var named = store.consumersOf(kafkaId, letters);
        var open = isOpen(cluster);
        var own = cluster.settings().groupId();
        return Future.all(needed, named, open).compose(known -> {
            var consumers =
                    named.result().stream().filter(group -> !group.equals(own)).toList();
            if (open.result()) {
                return Future.succeededFuture(
                        new ReadinessRights(own, OPEN, consumers, List.of(), needed.result(), OPEN, Optional.empty()));
            }
            return measure(cluster, own, consumers, needed.result());
        });
    }

    private static Future<ReadinessRights> measure(
            TopicCluster cluster, String own, List<String> consumers, Needs needs) {
        var asked = new ArrayList<>(consumers);
        asked.add(own);
        var groups = groups(cluster, asked);
        var transactions = transactions(cluster, needs);
        var receipts = cluster.find(needs.receipts());
        return Future.all(groups, transactions, receipts)
                .map(all -> new ReadinessRights(
                        own,
                        ofGroup(own, groups.result().get(own)),
                        consumers,
                        consumers.stream()
                                .filter(group -> groups.result().get(group) instanceof Seen.Hidden)
                                .toList(),
                        needs,
                        transactions.result(),
                        receipts.result()));
    }

    /** Whether nobody watches who does what: to be told that, one need not be allowed to read the rules. */
    private static Future<Boolean> isOpen(TopicCluster cluster) {
        var any = new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TRANSACTIONAL_ID, "redrive", PatternType.LITERAL),
                AccessControlEntryFilter.ANY);
        return cluster.admin()
                .ask(client -> TopicCluster.ask(client.describeAcls(any).values()))
                .transform(answer -> Future.succeededFuture(answer.cause() instanceof SecurityDisabledException));
    }

    /** What a group is to us. */
    private sealed interface Seen {
        record Known(Set<AclOperation> allowed) implements Seen {}

        record Hidden() implements Seen {}

        record Untold(boolean absent) implements Seen {}
    }

    private static Future<Map<String, Seen>> groups(TopicCluster cluster, List<String> groups) {
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        return cluster.admin().ask(client -> {
            var seen = new HashMap<String, Seen>();
            var all = new ArrayList<Future<?>>();
            client.describeConsumerGroups(groups, options)
                    .describedGroups()
                    .forEach((group, answer) -> all.add(seen(answer).onSuccess(found -> seen.put(group, found))));
            return Future.join(all).map(done -> seen);
        });
    }

    private static Future<Seen> seen(KafkaFuture<ConsumerGroupDescription> answer) {
        return TopicCluster.ask(answer)
                .<Seen>map(found -> found.authorizedOperations() == null
                        ? new Seen.Untold(false)
                        : new Seen.Known(found.authorizedOperations()))
                .otherwise(failure -> failure instanceof GroupAuthorizationException
                        ? new Seen.Hidden()
                        : new Seen.Untold(failure instanceof GroupIdNotFoundException));
    }

    private static Right ofGroup(String group, @Nullable Seen seen) {
        if (seen instanceof Seen.Known known) {
            var lacking = ReadinessServiceRules.missing(known.allowed(), List.of(AclOperation.READ));
            return lacking == null
                    ? new Right(UNKNOWN, "The cluster does not tell what Redrive may do.")
                    : lacking.isEmpty()
                            ? new Right(MAY, "It may, as " + group + ".")
                            : new Right(MAY_NOT, "It lacks Read of the group " + group + ".");
        }
        return seen instanceof Seen.Hidden
                ? new Right(MAY_NOT, "It lacks Read of the group " + group + ".")
                : new Right(
                        UNKNOWN,
                        seen instanceof Seen.Untold untold && untold.absent()
                                ? "The group " + group + " does not exist yet: it does once a topic is read."
                                : "The cluster does not tell what Redrive may do.");
    }

    /**
     * Of a transactional id a cluster tells only whether we may see it. Who may not see it may not write with it either,
     * because Write implies Describe. That we may write is shown by an id that is known there: only a lane makes it.
     */
    private static Future<Right> transactions(TopicCluster cluster, Needs needs) {
        var ids = IntStream.range(0, needs.lanes())
                .mapToObj(lane -> needs.prefix() + lane)
                .toList();
        return cluster.admin().ask(client -> {
            var answers = client.describeTransactions(ids);
            var denied = new ArrayList<String>();
            var known = new ArrayList<String>();
            var silent = new ArrayList<String>();
            var all = ids.stream()
                    .map(id -> TopicCluster.ask(answers.description(id))
                            .<Void>map(found -> {
                                known.add(id);
                                return null;
                            })
                            .otherwise(failure -> {
                                if (failure instanceof TransactionalIdAuthorizationException) {
                                    denied.add(id);
                                } else if (!(failure instanceof TransactionalIdNotFoundException)) {
                                    silent.add(id);
                                }
                                return null;
                            }))
                    .toList();
            return Future.join(all).map(done -> right(denied, known, silent, needs));
        });
    }

    private static Right right(List<String> denied, List<String> known, List<String> silent, Needs needs) {
        if (!denied.isEmpty()) {
            return new Right(
                    MAY_NOT,
                    "It lacks Write and Describe of transactional ids that begin with " + needs.prefix() + ".");
        }
        if (!silent.isEmpty()) {
            return new Right(UNKNOWN, "The cluster does not tell of transactional ids.");
        }
        return known.isEmpty()
                ? new Right(UNKNOWN, "It may see its transactional ids; whether it may write shows when a lane opens.")
                : new Right(MAY, "It may: lanes have written with " + known.size() + " of " + needs.lanes() + " ids.");
    }
}
