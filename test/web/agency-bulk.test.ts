import { expect } from "chai";

import { formatCsv, parseCsv } from "../../web/console/agency/bulk/csv.ts";
import { MOST_BULK_ROWS, rowsOfFiles, rowsOfTable, TableFault } from "../../web/console/agency/bulk/rows.ts";

const defaults = { predicate: "a.b", receiver: "x.example", validUntil: "" };

describe("tables of messages", () => {
  it("are read as spreadsheets write them: quotes, line ends in cells, semicolons, a byte order mark", () => {
    expect(parseCsv('\uFEFFa,b\r\n"1,""2""\n3",4\r\n\r\n5,6')).to.deep.equal([
      ["a", "b"],
      ['1,"2"\n3', "4"],
      ["5", "6"],
    ]);
    expect(parseCsv("a;b\n1;2,5")).to.deep.equal([
      ["a", "b"],
      ["1", "2,5"],
    ]);
  });

  it("are written so that a spreadsheet takes no cell for a formula", () => {
    const cells = ["=1+1", "+1", "-1", "@x", "\tx", 'a"b', "plain"];
    expect(formatCsv([cells])).to.equal(`"'=1+1","'+1","'-1","'@x","'\tx","a""b",plain\r\n`);
    expect(
      parseCsv(
        formatCsv([
          ["a", "b"],
          ["x,y", 'z"'],
        ]),
      )[1],
    ).to.deep.equal(["x,y", 'z"']);
  });

  it("give a message a line, with what all have in common where the line says nothing else", () => {
    const [first, second] = rowsOfTable(
      "table.csv",
      "File,Receiver,validUntil\n1.json,,2099-01-31\n2.json,y.example,",
      defaults,
    );
    expect(first).to.deep.equal({
      ...{ line: 2, file: "1.json", obj: "", subject: "", predicate: "a.b", receiver: "x.example" },
      validUntil: "2099-01-31T23:59:59Z",
    });
    expect(second).to.include({ line: 3, file: "2.json", receiver: "y.example", validUntil: "" });
    const [line] = rowsOfTable("table.ndjson", '\n{"obj":"Qm","subject":"s","count":3}\n', defaults);
    expect(line).to.include({ line: 2, obj: "Qm", subject: "s", predicate: "a.b" });
    expect(rowsOfFiles(["a.pdf", "b.pdf"], defaults).map(({ file }) => file)).to.deep.equal([
      "a.pdf",
      "b.pdf",
    ]);
  });

  it("are refused whole where a line cannot be read, a column is missing, or there are too many", () => {
    const why = (name: string, text: string) => {
      try {
        return rowsOfTable(name, text, defaults).length;
      } catch (error) {
        if (error instanceof TableFault) return `${error.why} ${error.line}`;
        throw error;
      }
    };
    expect(why("a.csv", "name,amount\nx,1")).to.equal("columns 0");
    expect(why("a.csv", "file")).to.equal("empty 0");
    expect(why("a.ndjson", '{"obj":"Qm"}\nno')).to.equal("line 2");
    expect(why("a.ndjson", "3")).to.equal("line 1");
    const many = `file\n${"x\n".repeat(MOST_BULK_ROWS + 1)}`;
    expect(why("a.csv", many)).to.equal("too-many 0");
  });
});
