-- Services keep decisions of their own here too, such as the approval of a calendar.
ALTER TABLE operator_decision DROP CONSTRAINT operator_decision_what_check;
