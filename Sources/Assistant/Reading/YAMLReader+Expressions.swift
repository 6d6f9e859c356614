import Core
import Dialogue

extension YAMLReader {
  /// A condition; a bare boolean counts as one.
  func predicate(_ context: ReadingContext) -> Predicate? {
    guard let scalar else {
      error(.wrongType, "expected a condition, found \(value.kindName)", hint: "such as `if: slots.amount > 100`")
      return nil
    }
    if let bool = scalar.bool { return .literal(bool) }
    if let bool = scalar.ambiguousBool {
      warnAmbiguous(scalar, taken: bool ? "true" : "false")
      return .literal(bool)
    }
    do throws(DialogueError) {
      let parsed = try PredicateParser.parse(scalar.text)
      let predicate = parsed.predicate
      for message in parsed.warnings { warning(.predicate, message) }
      for slot in predicate.slots.sorted() { context.uses.add(.slot, slot.rawValue, self) }
      return predicate
    } catch {
      report(error, .predicate, in: scalar, what: "this condition does not parse")
      return nil
    }
  }

  /// A text with places to fill.
  func template(_ context: ReadingContext) -> Template? {
    guard let text = text(quietly: true) else { return nil }
    do throws(DialogueError) {
      let template = try TemplateParser.parse(text, strictly: true)
      for slot in template.slots.sorted() { context.uses.add(.spokenSlot, slot.rawValue, self) }
      return template
    } catch {
      if let scalar { report(error, .template, in: scalar, what: "this text does not parse") }
      return nil
    }
  }

  /// The name of a slot that must be declared somewhere.
  func slotName(_ context: ReadingContext, _ kind: NameUse.Kind = .slot) -> SlotName? {
    guard let name = name("a slot") else { return nil }
    context.uses.add(kind, name, self)
    return SlotName(name)
  }

  /// The name of a response that must be written somewhere, or a template that makes one.
  func responseName(_ context: ReadingContext) -> ResponseName? {
    guard let name = nameOrTemplate("a response") else { return nil }
    context.uses.add(.response, name, self)
    return ResponseName(name)
  }

  private func report(
    _ failure: DialogueError, _ code: AssistantProblem.Code, in scalar: YAMLScalar, what: String
  ) {
    var place = location
    var message = "\(what): \(failure.message)"
    if scalar.style == .block || scalar.text.contains("\n") {
      message += " (at sign \(failure.column) of the text)"
    } else {
      let quote = scalar.style == .quoted ? 1 : 0
      place = SourceLocation(
        file: location.file, line: location.line, column: location.column + quote + max(0, failure.column - 1))
    }
    log.error(code, at: place, key: path, message, hint: failure.hint)
  }
}
