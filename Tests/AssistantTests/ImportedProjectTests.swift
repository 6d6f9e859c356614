import Core
import Foundation
import Testing

@testable import Assistant

@Suite struct ImportedProjectTests {
  private static let conformance = ProcessInfo.processInfo.environment["CONFORMANCE_DIR"]

  @Test(
    .enabled(
      if: conformance != nil, "SKIPPED: set CONFORMANCE_DIR to the folder of the public insurance assistant to run this"
    ))
  func `a public assistant that nobody here wrote loads without errors`() throws {
    let loaded = try AssistantLoader.load(folder: try #require(Self.conformance))
    let definition = loaded.definition
    #expect(loaded.layout == .imported && definition.profile == "c13" && definition.locale == "en-US")
    #expect(loaded.problems.allSatisfy { $0.severity == .warning })
    let own = definition.flows.values.filter { !$0.source.file.hasPrefix("built-in/") }
    #expect(own.count == 13)
    #expect(
      definition.journeys.map(\.id) == [
        "bot_challenge", "check_claim_status", "file_a_claim", "flow_help", "flow_speak_with_human",
        "flow_view_policies", "goodbye",
      ])
    #expect(definition.flows["auto_claim"]?.guardCondition == .literal(false))
    let submit = try #require(definition.flows["auto_claim"]?.steps.first { $0.id == "collect_claim_submission" })
    #expect(submit.next.map(\.target) == [.step("8_utter_claim_submitted"), .step("handoff")])
    #expect(definition.flows["file_a_claim"]?.persistedSlots == ["policy_num", "policy_name"])
    #expect(definition.slots["incident_date"]?.rejections.map(\.response) == ["utter_invalid_date"])
    #expect(definition.slots["customer_id"]?.initialValue == .text("123"))
    #expect(definition.responses["utter_goodbye"]?.variants.count == 5)
    #expect(
      definition.responses["utter_ask_additional_claim_info"]?.variants[0].condition
        == .compare(.slot("policy_name"), .equal, .literal(.text("Car"))))
    #expect(loaded.actionsWithoutTool.contains("action_list_policies") && loaded.actionsWithoutTool.count == 6)
    for key in ["pipeline", "policies[1].name", "nlg", "action_endpoint", "flows.pattern_session_start.nlu_trigger"] {
      #expect(
        loaded.problems.contains { $0.key == key && $0.message.contains(": ") }, "\(key) says what happens instead")
    }
  }

  private static let project = [
    "config.yml":
      "recipe: default.v1\nlanguage: en\nassistant_id: bank-1\npipeline:\n- name: X\npolicies:\n- name: FlowPolicy\n",
    "domain.yml": """
    actions:
      - action_check
      - action_ask_amount: {send_domain: true}
    intents: [greet]
    slots:
      amount: {type: float, mappings: [{type: from_llm, allow_nlu_correction: true}]}
    responses:
      utter_done: [{text: "Done.", metadata: {rephrase: True}}]
      utter_card: [{custom: {a: b}}, {text: "A card."}]
    """,
    "data/flows.yml": """
    version: "3.1"
    flows:
      pay:
        description: Pays
        nlu_trigger:
          - intent: {name: pay, confidence_threshold: 0.8}
        steps:
          - collect: amount
          - action: action_check
          - call: convert
            mcp_server: money
            mapping: {input: [], output: []}
          - action: utter_gone
          - action: utter_card
          - action: utter_done
    """,
    "data/nlu.yml": "nlu:\n- intent: greet\n  examples: |\n    - hi\n",
    "endpoints.yml":
      "action_endpoint:\n  url: http://localhost:5055/webhook\ninteraction_handling:\n  global_silence_timeout: 9\n",
  ]

  @Test func `what is not run is a warning that says what happens instead`() throws {
    let loaded = try Folder(Self.project).load()
    let keys = Set(loaded.problems.map(\.key))
    for key in [
      "pipeline", "intents", "slots.amount.mappings[0].allow_nlu_correction",
      "responses.utter_done[0].metadata.rephrase",
      "responses.utter_card[0].custom", "flows.pay.nlu_trigger", "flows.pay.steps[0].collect",
      "flows.pay.steps[1].action",
      "flows.pay.steps[2].mcp_server", "flows.pay.steps[3].action", "action_endpoint",
    ] {
      #expect(keys.contains(key), "\(key)")
    }
    #expect(loaded.problems.contains { $0.location.file == "data/nlu.yml" })
    #expect(loaded.definition.voice.firstSilence == .seconds(9))
    #expect(loaded.definition.version.name == "bank-1")
    #expect(loaded.definition.responses["utter_card"]?.variants.count == 1)
    #expect(loaded.definition.flows["pay"]?.steps[2].kind == .action("convert"), "a foreign call fails as a step")
    #expect(loaded.actionsWithoutTool == ["action_check", "action_ask_amount"])
  }

  @Test func `a literal secret is refused there too, and not shown`() throws {
    var files = Self.project
    files["endpoints.yml"] = "tracker_store:\n  type: redis\n  password: hunter2\n  url: redis://u:hunter2@host\n"
    let problems = try Folder(files).problems()
    #expect(
      problems.filter { $0.code == .literalSecret }.map(\.key) == ["tracker_store.password", "tracker_store.url"])
    #expect(!problems.contains { $0.description.contains("hunter2") })
    files["endpoints.yml"] = "tracker_store:\n  type: redis\n  password: ${REDIS_PASSWORD}\n"
    #expect(try !Folder(files).problems().contains { $0.code == .literalSecret })
  }

  @Test func `typing errors in flows stay errors`() throws {
    var files = Self.project
    files["data/flows.yml"] = files["data/flows.yml"]?.replacingOccurrences(
      of: "- collect: amount", with: "- colect: amount")
    #expect(try Folder(files).problems().contains { $0.code == .unknownKey && $0.severity == .error })
  }
}
