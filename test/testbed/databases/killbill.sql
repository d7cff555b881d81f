-- Some of the tables of KillBill and of Kaui. The watcher might do anything to them, as an operator's account could.
create database killbill character set utf8mb4;
create database kaui character set utf8mb4;
create table killbill.accounts (record_id serial, id varchar(36) not null, email varchar(128), primary key (record_id));
create table killbill.bundles (record_id serial, id varchar(36) not null, primary key (record_id));
create table killbill.subscriptions (record_id serial, id varchar(36) not null, primary key (record_id));
create table killbill.invoices (record_id serial, id varchar(36) not null, primary key (record_id));
create table killbill.payments (record_id serial, id varchar(36) not null, primary key (record_id));
create view killbill.v_accounts as select id from killbill.accounts;
create table kaui.kaui_users (id serial, kb_username varchar(255), primary key (id));
create table kaui.kaui_tenants (id serial, name varchar(255), primary key (id));
grant all on killbill.* to watcher@127.0.0.1;
grant all on kaui.* to watcher@127.0.0.1;
