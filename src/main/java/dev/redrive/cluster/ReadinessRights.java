package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessAspect.ACL_CONSUMERS;
import static dev.redrive.cluster.ReadinessAspect.ACL_GROUP;
import static dev.redrive.cluster.ReadinessAspect.ACL_TRANSACTIONS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;

/**
 * What Redrive may do at a cluster besides what it may do with topics, as far as the cluster tells.
 *
 * @param ownGroup the group that letters are read with
 * @param consumers groups that the letters name, 20 at most; {@code unseen} those of them that it may not describe
 * @param receipts the topic as it is; empty where there is none yet
 */
record ReadinessRights(
        String ownGroup,
        Right group,
        List<String> consumers,
        List<String> unseen,
        ReplayNeeds.Needs needs,
        Right transactions,
        Optional<TopicState> receipts) {

    /** Whether something may be done, and how that is known or why it is not. */
    record Right(Answer answer, String how) {
        enum Answer {
            MAY,
            MAY_NOT,
            UNKNOWN
        }

        boolean isLacking() {
            return answer == Answer.MAY_NOT;
        }
    }

    private static final int MOST_NAMED = 5;

    ReadinessRights {
        consumers = List.copyOf(consumers);
        unseen = List.copyOf(unseen);
    }

    List<ReadinessCheck> checks(String topic, TopicCommand command) {
        var checks = new ArrayList<ReadinessCheck>();
        checks.add(ofGroup(topic, command));
        if (!consumers.isEmpty()) {
            checks.add(ofConsumers(topic, command));
        }
        checks.add(ofTransactions(topic, command));
        return checks;
    }

    private ReadinessCheck ofGroup(String topic, TopicCommand command) {
        return switch (group.answer()) {
            case MAY -> ACL_GROUP.ok(topic, group.how());
            case MAY_NOT -> ACL_GROUP.fail(topic, group.how(), command.allowGroups(List.of(ownGroup), "Read"));
            case UNKNOWN -> ACL_GROUP.unknown(topic, group.how());
        };
    }

    private ReadinessCheck ofConsumers(String topic, TopicCommand command) {
        if (unseen.isEmpty()) {
            return ACL_CONSUMERS.ok(topic, "It may, as far as letters name them: " + named(consumers) + ".");
        }
        return ACL_CONSUMERS.warn(
                topic,
                "It may not describe " + named(unseen) + ".",
                command.allowGroups(unseen.stream().limit(MOST_NAMED).toList(), "Describe"));
    }

    private static String named(List<String> groups) {
        var first = String.join(", ", groups.stream().limit(MOST_NAMED).toList());
        return groups.size() > MOST_NAMED ? first + " and " + (groups.size() - MOST_NAMED) + " more" : first;
    }

    private ReadinessCheck ofTransactions(String topic, TopicCommand command) {
        var lacks = new ArrayList<String>();
        var commands = new ArrayList<String>();
        if (transactions.isLacking()) {
            lacks.add(transactions.how());
            commands.add(command.allowTransactions(needs.prefix()));
        }
        // Without transactions nothing is written there.
        var inReceipts = receipts.filter(found -> !needs.withoutTransactions())
                .map(found ->
                        ReadinessServiceRules.missing(found.allowed(), List.of(AclOperation.READ, AclOperation.WRITE)))
                .orElse(List.of());
        if (!inReceipts.isEmpty()) {
            lacks.add("It lacks " + String.join(" and ", inReceipts) + " of " + needs.receipts() + ".");
            commands.add(command.allow(needs.receipts(), inReceipts));
        }
        var fix = String.join(" && ", commands);
        if (!lacks.isEmpty()) {
            var measured = String.join(" ", lacks);
            return needs.withoutTransactions()
                    ? ACL_TRANSACTIONS.warn(
                            topic, measured + " So replays are sent one at a time, with less proof.", fix)
                    : ACL_TRANSACTIONS.fail(topic, measured, fix);
        }
        return transactions.answer() == Right.Answer.MAY
                ? ACL_TRANSACTIONS.ok(topic, transactions.how())
                : ACL_TRANSACTIONS.unknown(topic, transactions.how());
    }
}
