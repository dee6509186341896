package dev.redrive.access;

import static dev.redrive.access.Permission.ADMIN;
import static dev.redrive.access.Permission.EDIT;
import static dev.redrive.access.Permission.OPERATE;
import static dev.redrive.access.Permission.PAYLOAD_READ;
import static dev.redrive.access.Permission.READ;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The one table of who may call what. An operation that is in neither part may be called by nobody. */
final class Permissions {

    /** Without signing in: they tell nothing about letters, or are the way to sign in. */
    private static final Set<String> PUBLIC =
            Set.of("getContractYaml", "getContractJson", "listProblems", "openSession", "closeSession");

    private static final Map<String, Permission> NEEDED = Map.ofEntries(
            Map.entry("listDeadLetters", READ),
            Map.entry("searchDeadLetters", READ),
            Map.entry("listSavedViews", READ),
            Map.entry("createSavedView", READ),
            Map.entry("replaceSavedView", READ),
            Map.entry("deleteSavedView", READ),
            Map.entry("listFacets", READ),
            Map.entry("getHistogram", READ),
            Map.entry("getDeadLetter", PAYLOAD_READ),
            Map.entry("exportDeadLetters", PAYLOAD_READ),
            Map.entry("importDeadLetters", ADMIN),
            Map.entry("getPayload", PAYLOAD_READ),
            Map.entry("fetchSource", PAYLOAD_READ),
            Map.entry("getHistory", READ),
            Map.entry("getLineage", READ),
            Map.entry("getDraft", PAYLOAD_READ),
            Map.entry("diffDraft", PAYLOAD_READ),
            Map.entry("transformOfDraft", PAYLOAD_READ),
            Map.entry("putDraft", EDIT),
            Map.entry("deleteDraft", EDIT),
            Map.entry("checkReplay", OPERATE),
            Map.entry("replayDeadLetter", OPERATE),
            Map.entry("decideReplay", OPERATE),
            Map.entry("cancelReplay", OPERATE),
            Map.entry("discardDeadLetter", OPERATE),
            Map.entry("restoreDeadLetter", OPERATE),
            Map.entry("listReplays", READ),
            Map.entry("getReplay", READ),
            Map.entry("listFailureGroups", READ),
            Map.entry("listGroupFacets", READ),
            Map.entry("getFailureGroup", READ),
            Map.entry("getTimeline", READ),
            Map.entry("patchFailureGroup", OPERATE),
            Map.entry("mergeFailureGroups", OPERATE),
            Map.entry("listMergedGroups", READ),
            Map.entry("splitFailureGroup", OPERATE),
            Map.entry("listSplitGroups", READ),
            Map.entry("getGroupHistory", READ),
            Map.entry("getLabelRules", READ),
            Map.entry("putLabelRules", OPERATE),
            Map.entry("previewLabelRules", READ),
            Map.entry("listGroupNotes", READ),
            Map.entry("addGroupNote", OPERATE),
            Map.entry("removeGroupNote", OPERATE),
            Map.entry("getOverview", READ),
            Map.entry("listTopics", READ),
            Map.entry("listConsumerGroups", READ),
            Map.entry("listConsumerGroupsOfTopic", READ),
            Map.entry("getConsumerGroup", READ),
            Map.entry("quarantineRecord", OPERATE),
            Map.entry("listClusters", READ),
            Map.entry("patchDeadLetter", OPERATE),
            Map.entry("listNotes", READ),
            Map.entry("addNote", OPERATE),
            Map.entry("removeNote", OPERATE),
            Map.entry("createSelection", READ),
            Map.entry("getSelection", READ),
            Map.entry("extendSelection", READ),
            Map.entry("dropSelection", READ),
            Map.entry("createJob", OPERATE),
            Map.entry("listJobs", READ),
            Map.entry("getJob", READ),
            Map.entry("listJobItems", READ),
            Map.entry("listJobGroups", READ),
            Map.entry("excludeGroup", OPERATE),
            Map.entry("pauseJob", OPERATE),
            Map.entry("resumeJob", OPERATE),
            Map.entry("cancelJob", OPERATE),
            Map.entry("undoJob", OPERATE),
            Map.entry("retryJob", OPERATE),
            Map.entry("patchJob", OPERATE),
            Map.entry("previewReplays", OPERATE),
            Map.entry("getTopic", READ),
            Map.entry("patchTopic", OPERATE),
            Map.entry("decideReading", OPERATE),
            Map.entry("rewindTopic", OPERATE),
            Map.entry("createTopic", ADMIN),
            Map.entry("proposeDeadLetterTopic", READ),
            Map.entry("getReadiness", READ),
            Map.entry("listGaps", READ),
            Map.entry("listLanes", READ),
            Map.entry("resetLane", ADMIN),
            Map.entry("getRetention", READ),
            Map.entry("previewRetention", READ),
            Map.entry("replaceRetention", ADMIN),
            Map.entry("listDeliveries", READ),
            Map.entry("getDelivery", READ),
            Map.entry("redeliver", OPERATE),
            Map.entry("listWebhooks", READ),
            Map.entry("getWebhook", READ),
            Map.entry("createWebhook", ADMIN),
            Map.entry("replaceWebhook", ADMIN),
            Map.entry("deleteWebhook", ADMIN),
            Map.entry("activateWebhook", ADMIN),
            Map.entry("testWebhook", ADMIN),
            Map.entry("rotateWebhookSecret", ADMIN),
            Map.entry("listAlertRules", READ),
            Map.entry("getAlertRule", READ),
            Map.entry("backtestAlertRule", READ),
            Map.entry("createAlertRule", ADMIN),
            Map.entry("replaceAlertRule", ADMIN),
            Map.entry("deleteAlertRule", ADMIN),
            Map.entry("listAlerts", READ),
            Map.entry("getAlert", READ),
            Map.entry("acknowledgeAlert", OPERATE),
            Map.entry("listSilences", READ),
            Map.entry("createSilence", OPERATE),
            Map.entry("endSilence", OPERATE),
            Map.entry("previewSilence", READ),
            Map.entry("streamEvents", READ),
            Map.entry("getMe", READ),
            Map.entry("listAudit", ADMIN),
            Map.entry("exportAudit", ADMIN));

    private Permissions() {}

    static boolean isPublic(String operationId) {
        return PUBLIC.contains(operationId);
    }

    static boolean knows(String operationId) {
        return isPublic(operationId) || NEEDED.containsKey(operationId);
    }

    /** @return empty for public operations and for unknown ones */
    static Optional<Permission> needed(String operationId) {
        return Optional.ofNullable(NEEDED.get(operationId));
    }

    static Set<String> all() {
        return Arrays.stream(Permission.values()).map(Permission::word).collect(Collectors.toUnmodifiableSet());
    }
}
