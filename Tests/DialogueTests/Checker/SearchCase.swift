import Core
import Testing

@testable import Dialogue

/// A small assistant with one thing wrong, the shortest dialogue that leads there, and the same assistant mended.
struct SearchCase: CustomTestStringConvertible {
  let name: String
  let code: String
  let wrong: AssistantDefinition
  let mended: AssistantDefinition
  var jobs: [JobDefinition] = []
  var mendedJobs: [JobDefinition] = []
  let dialogue: [String]

  var testDescription: String { name }

  /// All but what the sketches of tests have by nature: no examples.
  static func findings(
    _ assistant: AssistantDefinition, jobs: [JobDefinition] = [], limits: StateSearch.Limits = StateSearch.Limits()
  ) -> [FlowFinding] {
    StateSearch.check(assistant, jobs: jobs, limits: limits).filter { $0.code != "flow.few_examples" }
  }
}

private let here = SourceLocation(file: "test.yml", line: 1, column: 1)

/// A tool that changes something.
func change(
  from arguments: [SlotName] = [], optional: [SlotName] = [], flag: SlotName? = nil, identity: Int = 0,
  consents: [ConsentName] = [], approval: ApprovalRule? = nil, results: [SlotName] = [], outcome: SlotName? = nil
) -> ToolDefinition {
  ToolDefinition(
    name: "change", summary: "", request: ToolRequest(method: "POST", url: "http://localhost/"),
    arguments: arguments.map { ToolArgument(name: $0.rawValue, slot: $0, type: .string) },
    results: results.map { ToolField(path: $0.rawValue, type: .string, slot: $0) },
    outcomeSlot: outcome, changesState: true, confirmedBy: flag, identity: IdentityLevel(identity), consents: consents,
    approval: approval, source: here)
}

/// A flow with keys of its `voice:`.
func voiced(_ voice: FlowVoice, examples: [String] = [], _ flow: Flow) -> Flow {
  Flow(
    id: flow.id, name: flow.name, summary: flow.summary, guardCondition: flow.guardCondition, steps: flow.steps,
    persistedSlots: flow.persistedSlots, runsPatternCompleted: flow.runsPatternCompleted, examples: examples,
    voice: voice, source: flow.source)
}

func job(_ success: String?) -> JobDefinition {
  JobDefinition(name: "work", summary: "", success: success.map(condition), source: here)
}

func heard(_ name: ResponseName, _ variants: (text: String, when: String?, policy: InterruptionPolicy)...)
  -> ResponseDefinition
{
  response(
    name,
    variants: variants.map {
      ResponseVariant(text: text($0.text), condition: $0.when.map(condition), interruption: $0.policy)
    })
}

let kinds = slot("kind", .categorical(["a", "b"]))
let yes = slot("ok", .bool)
