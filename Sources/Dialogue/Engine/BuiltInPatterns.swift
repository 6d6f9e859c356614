import Core

/// What every assistant has even when its folder says nothing: the loop of asking, validation, goodbye, and the slots of patterns.
enum BuiltInPatterns {
  private static let place = SourceLocation(file: "built-in", line: 1, column: 1)

  private static func step(_ id: StepID, _ action: ActionName, _ next: [FlowBranch] = []) -> FlowStep {
    FlowStep(id: id, kind: .action(action), next: next, source: place)
  }

  private static func isFilled(_ key: String) -> Predicate {
    let slot = Template(pieces: [.literal("slots."), .expression(.path(["context", key]))])
    return .compare(.template(slot), .notEqual, .literal(nil))
  }

  /// Flows used when the assistant has none of the same id.
  static let flows: [Flow] = [
    Flow(
      id: "pattern_collect_information", name: "asking", summary: "",
      steps: [
        step(
          "start", "action_run_slot_rejections",
          [
            FlowBranch(condition: .not(isFilled("collect")), target: .step("ask")),
            FlowBranch(condition: nil, target: .step("validate")),
          ]),
        step(
          "validate", "validate_{{context.collect}}",
          [
            FlowBranch(condition: isFilled("collect"), target: .end),
            FlowBranch(condition: nil, target: .step("ask")),
          ]),
        step("ask", "{{context.utter}}"),
        step("listen", "action_listen", [FlowBranch(condition: nil, target: .step("start"))]),
      ], source: place),
    Flow(
      id: "pattern_validate_slot", name: "validation", summary: "",
      steps: [
        step(
          "start", "action_run_slot_rejections",
          [
            FlowBranch(condition: isFilled("validate"), target: .end),
            FlowBranch(condition: .compare(.context("refill_utter"), .equal, .literal(nil)), target: .end),
            FlowBranch(condition: nil, target: .step("ask")),
          ]),
        step("ask", "{{context.refill_utter}}"),
        step("listen", "action_listen", [FlowBranch(condition: nil, target: .step("start"))]),
      ], source: place),
    Flow(
      id: "pattern_confirm_slot", name: "confirmation", summary: "",
      steps: [
        FlowStep(
          id: "ask",
          kind: .collect(
            CollectStep(slot: BuiltInSlot.valueIsRight, ask: "{{context.utter}}", asksBeforeFilling: true)),
          next: [
            FlowBranch(condition: .truthy(.slot(BuiltInSlot.valueIsRight)), target: .step("keep")),
            FlowBranch(condition: nil, target: .step("drop")),
          ], source: place),
        step("keep", "action_confirm_slot", [FlowBranch(condition: nil, target: .end)]),
        step("drop", "action_reject_slot", [FlowBranch(condition: nil, target: .end)]),
      ], source: place),
    Flow(
      id: "pattern_goodbye", name: "goodbye", summary: "",
      steps: [step("say", "utter_goodbye"), step("hangup", "action_hangup")], source: place),
  ]

  /// Slots added when the assistant does not declare them.
  static let slots: [SlotDefinition] = [
    SlotDefinition(name: BuiltInSlot.language, type: .text, filledBy: .controlled, source: place),
    SlotDefinition(
      name: BuiltInSlot.consecutiveSilences, type: .float(minimum: nil, maximum: nil), filledBy: .controlled,
      source: place),
    SlotDefinition(
      name: BuiltInSlot.maximumOptions, type: .float(minimum: nil, maximum: nil), initialValue: .number(3),
      filledBy: .controlled, source: place),
    SlotDefinition(name: BuiltInSlot.transferDestination, type: .text, filledBy: .controlled, source: place),
    SlotDefinition(name: BuiltInSlot.transferOutcome, type: .text, filledBy: .controlled, source: place),
    SlotDefinition(
      name: IdentityLadder.slot, type: .float(minimum: 0, maximum: 3), filledBy: .controlled, source: place),
    SlotDefinition(name: BuiltInSlot.deniedBy, type: .text, filledBy: .controlled, source: place),
    SlotDefinition(name: BuiltInSlot.compensationOutcome, type: .text, filledBy: .controlled, source: place),
    SlotDefinition(name: "consent_is_given", type: .bool, source: place),
    SlotDefinition(name: "undo_is_wanted", type: .bool, source: place),
    SlotDefinition(name: BuiltInSlot.valueIsRight, type: .bool, source: place),
    SlotDefinition(name: BuiltInSlot.flowToContinue, type: .text, source: place),
    SlotDefinition(name: "continue_interrupted_flow_confirmation", type: .bool, source: place),
    SlotDefinition(name: "continue_conversation", type: .bool, source: place),
  ]
}
