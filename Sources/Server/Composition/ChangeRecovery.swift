internal import Actions
internal import Assistant
internal import Core
internal import Logging

/// Learns at the start of a server what became of the changes that an earlier run left open.
///
/// Each is asked about with the tools of exactly the version that intended it: one that answers now, or one taken from what was
/// published. Where that version is gone, or its tool leads to another back end now, nobody is asked: another's "no such
/// request" would settle as failed what did happen. Intents of releases that did not write down who asked stay open for the
/// same reason.
struct ChangeRecovery: Sendable {
  let maker: AssistantMaker
  let shelf: AssistantShelf
  /// Of the versions that answer now.
  let current: [HTTPToolInvoker]

  func run(logger: Logger) async {
    let report: SettlementReport
    do {
      report = await settle(try await maker.storage.store.ledger.open())
    } catch {
      logger.error("open changes could not be looked up", metadata: ["error": "\(error)"])
      return
    }
    for settled in report.settled {
      logger.notice("a change of an earlier run is settled", metadata: metadata(settled.intent))
    }
    for open in report.open {
      logger.error(
        "nobody knows whether a change happened; a person must look",
        metadata: metadata(open.intent).merging(["reason": "\(open.reason.rawValue)"]) { $1 })
    }
  }

  /// Settles what can be learned.
  func settle(_ effects: [OpenEffect]) async -> SettlementReport {
    var report = SettlementReport()
    let byVersion = Dictionary(grouping: effects) { $0.intent.origin?.assistant }
    for (version, effects) in byVersion.sorted(by: { "\($0.key, default: "")" < "\($1.key, default: "")" }) {
      guard let version, let invoker = invoker(of: version) else {
        let reason: SettlementReport.Reason = version == nil ? .noOrigin : .noSuchVersion
        report.open += effects.map { SettlementReport.Open($0.intent, reason) }
        continue
      }
      let found = await invoker.settle(effects)
      report.settled += found.settled
      report.open += found.open
    }
    return report
  }

  private func invoker(of version: AssistantVersion) -> HTTPToolInvoker? {
    if let current = current.first(where: { $0.assistant == version }) { return current }
    guard let published = try? shelf.unaltered(version) else { return nil }
    return try? maker.invoker(of: published.definition, as: version)
  }

  private func metadata(_ intent: EffectIntent) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["tool": "\(intent.tool)", "call": "\(intent.call)"]
    if let origin = intent.origin {
      metadata["assistant"] = "\(origin.assistant)"
      metadata["node"] = "\(origin.node)"
      metadata["back_end"] = "\(origin.backEnd)"
    }
    return metadata
  }
}
