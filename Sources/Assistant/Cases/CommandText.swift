public import Core

/// Reads commands as texts write them: `StartFlow(pay)`, `set slot amount 20`. Spellings of three command languages and ours:
///
/// | command | first | second and third |
/// | --- | --- | --- |
/// | start a journey | `StartFlow(flow)` | `start flow flow` |
/// | fill a slot, or take it back | `SetSlot(slot, value)`, `SetSlot(slot, null)` | `set slot slot value` |
/// | give up | `CancelFlow()` | `cancel flow` |
/// | ask which is meant | `Clarify(a, b)` | `disambiguate flows a b` |
/// | leave the question out | `SkipQuestion()` | `skip question` |
/// | a question for the knowledge base | `SearchAndReply()`, `KnowledgeAnswer()` | `provide info`, `search and reply` |
/// | small talk | `ChitChat()` | `offtopic reply` |
/// | a person | `HumanHandoff()` | `hand over` |
/// | say it again | `RepeatLastBotMessages()` | `repeat message` |
/// | ours | `Hold()`, `Restart()`, `Goodbye()`, `Answer(yes)`, `CannotHandle()` | `hold`, `restart`, `goodbye`, `answer yes`, `cannot handle` |
public enum CommandText {
  /// What is wrong with a text, in words for its author.
  public struct Problem: Error, Equatable {
    /// What is wrong.
    public let message: String
    /// What would be right.
    public let hint: String?
  }

  /// The commands in a text, in order: one a line, or several parted by commas or semicolons. Empty texts hold none.
  public static func commands(_ text: String) throws(Problem) -> [Command] {
    var commands: [Command] = []
    for piece in pieces(text) { commands.append(try command(piece)) }
    return commands
  }

  /// Cuts at line ends, and at commas and semicolons that stand in no brackets and no quotes.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || (character == "'" && !(piece.last?.isLetter ?? false)) {
        quote = character
      } else if character == "(" {
        depth += 1
      } else if character == ")" {
        depth = max(0, depth - 1)
      }
      if quote == nil || character.isNewline,
        character.isNewline || (depth == 0 && (character == "," || character == ";"))
      {
        pieces.append(piece)
        piece = ""
        (depth, quote) = (0, nil)
      } else {
        piece.append(character)
      }
    }
    pieces.append(piece)
    return pieces.map(trimmed).filter { !$0.isEmpty }
  }

  private static func command(_ text: String) throws(Problem) -> Command {
    if let open = text.firstIndex(of: "("), !text[..<open].contains(" ") {
      guard text.hasSuffix(")") else { throw Problem(message: "`\(text)` has no closing bracket", hint: nil) }
      let name = text[..<open].lowercased()
      let inner = String(text[text.index(after: open)...].dropLast())
      return try make(name, arguments: name == "setslot" ? halves(inner) : list(inner), text)
    }
    var words = text.split(separator: " ").map(String.init)
    if let first = words.first, words.count == 1, first.hasSuffix("()") { words[0] = String(first.dropLast(2)) }
    let phrases: [([String], String)] = [
      (["start", "flow"], "startflow"), (["set", "slot"], "setslot"), (["cancel", "flow"], "cancelflow"),
      (["disambiguate", "flows"], "clarify"), (["clarify"], "clarify"), (["skip", "question"], "skipquestion"),
      (["provide", "info"], "searchandreply"), (["search", "and", "reply"], "searchandreply"),
      (["offtopic", "reply"], "chitchat"), (["aside"], "aside"), (["hand", "over"], "humanhandoff"),
      (["repeat", "message"], "repeatlastbotmessages"), (["cannot", "handle"], "cannothandle"), (["hold"], "hold"),
      (["restart"], "restart"), (["goodbye"], "goodbye"), (["answer"], "answer"),
    ]
    let lower = words.map { $0.lowercased() }
    for (phrase, name) in phrases where lower.starts(with: phrase) {
      var rest = Array(words.dropFirst(phrase.count))
      if name == "setslot", rest.count > 1 { rest = [rest[0], rest.dropFirst().joined(separator: " ")] }
      return try make(name, arguments: rest, text)
    }
    throw Problem(message: "`\(text)` is no command", hint: "such as `StartFlow(flow)` or `SetSlot(slot, value)`")
  }

  private static func make(_ name: String, arguments: [String], _ text: String) throws(Problem) -> Command {
    let arguments = arguments.map(unquoted)
    func flow(_ text: String) throws(Problem) -> FlowID {
      guard YAMLReader.isName(text) else { throw Problem(message: "`\(text)` is no flow", hint: nil) }
      return FlowID(text)
    }
    switch (name, arguments.count) {
    case ("startflow", 1): return .startFlow(try flow(arguments[0]))
    case ("setslot", 2):
      guard YAMLReader.isName(arguments[0]) else { throw Problem(message: "`\(arguments[0])` is no slot", hint: nil) }
      return .setSlot(SlotName(arguments[0]), value(arguments[1]))
    case ("cancelflow", 0): return .cancelFlow
    case ("clarify", _):
      var flows: [FlowID] = []
      for argument in arguments { flows.append(try flow(argument)) }
      return .clarify(flows)
    case ("skipquestion", 0): return .skipQuestion
    case ("searchandreply", 0), ("knowledgeanswer", 0): return .search
    case ("chitchat", 0), ("chitchatanswer", 0): return .chitchat
    case ("aside", 1):
      guard let aside = Aside(rawValue: arguments[0]) else { break }
      return .aside(aside)
    case ("humanhandoff", 0): return .humanHandoff
    case ("repeatlastbotmessages", 0), ("repeat", 0): return .repeatLast
    case ("hold", 0): return .hold
    case ("restart", 0): return .restart
    case ("goodbye", 0): return .goodbye
    case ("cannothandle", 0): return .cannotHandle(.notUnderstood)
    case ("cannothandle", 1):
      guard let reason = CannotHandleReason(rawValue: arguments[0]) else { break }
      return .cannotHandle(reason)
    case ("answer", 1):
      switch arguments[0].lowercased() {
      case "yes", "true": return .answer(true)
      case "no", "false": return .answer(false)
      default: break
      }
    default: break
    }
    throw Problem(
      message: "`\(text)` is no command, or has the wrong number of arguments",
      hint: "such as `StartFlow(flow)`, `SetSlot(slot, value)`, `CancelFlow()`, `Clarify(a, b)`")
  }

  /// A value as it is written; nothing for `null`, `None`, `undefined` without quotes.
  private static func value(_ text: String) -> SlotValue? {
    switch text.lowercased() {
    case "null", "none", "undefined": nil
    case "true": .bool(true)
    case "false": .bool(false)
    default: .text(text)
    }
  }

  private static func halves(_ text: String) -> [String] {
    guard let comma = text.firstIndex(of: ",") else { return [text] }
    return [trimmed(String(text[..<comma])), trimmed(String(text[text.index(after: comma)...]))]
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { trimmed(String($0)) }.filter { !$0.isEmpty }
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else {
      return text
    }
    return String(text.dropFirst().dropLast())
  }

  static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
